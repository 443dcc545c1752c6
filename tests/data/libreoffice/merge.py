"""The text of the shipped rate notice by LibreOffice's mail merge, for tests/bench_merge.py to compare with.

Run by the Python that has LibreOffice's `uno`: merge.py PIPE FOLDER. FOLDER/letters.csv holds the
records; FOLDER/merged0.pdf is made of them. Prints, as JSON, LibreOffice's seconds and megabytes.
"""

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

TEXT = """November 24, 2026
Our reference {reference}
RE  {subject}
{salutation}:
Thank you for trusting us with the computers of {name}. I am writing about what our hourly work will \
cost next year. Beginning January 1, 2027, these rates apply to the work we do for you:
{rates}
The reason is plain. Experienced technicians, insurance and the tools we use on your behalf all cost \
more than they did when your present rates were set. We have kept the rise as small as we could \
without sending you people who know less. You can rely on this:
Work done before January 1, 2027 is billed at your present rates, whenever the invoice is sent. Each \
line of an invoice shows the day of the work.
A price that we have already quoted you for a project stands.
We go on billing by the quarter hour. This letter changes your rates and nothing else.
If you would like to know what the new rates would have meant over the past year, call me at \
916-555-0142 or write to office@cedarfinch.example. I will have your hours in front of me.
Thank you for your business and for your confidence in us.
Sincerely,
Dana Whitcomb
Managing Partner, Cedar & Finch IT"""
TICKS = os.sysconf("SC_CLK_TCK")


def said(name: str, value: object) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def office(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    raise SystemExit("LibreOffice did not begin within a minute")


def process_of(pipe: str) -> Path:
    """The office itself: what was started only waits for it."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended
        if pipe.encode() in words and b"soffice.bin" in words.split(b"\0")[0]:
            return process
    raise SystemExit("LibreOffice ended")


def seconds(process: Path) -> float:
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak(process: Path) -> float:
    status = (process / "status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main(pipe: str, folder: Path) -> None:
    context = office(pipe)
    process = process_of(pipe)
    manager = context.ServiceManager
    make = manager.createInstanceWithContext
    desktop, sources = (
        make(f"com.sun.star.{name}", context) for name in ("frame.Desktop", "sdb.DatabaseContext")
    )
    source = sources.createInstance()
    source.URL = f"sdbc:flat:{folder.as_uri()}"
    source.Info = (
        said("Extension", "csv"),
        said("HeaderLine", True),
        said("FieldDelimiter", ","),
        said("StringDelimiter", '"'),
        said("CharSet", "UTF-8"),
    )
    source.DatabaseDocument.storeAsURL((folder / "letters.odb").as_uri(), ())
    sources.registerObject("letters", source)
    document = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, (said("Hidden", True),))
    text = document.Text
    at = text.createTextCursor()
    for paragraph in TEXT.splitlines():
        for part in re.split(r"(\{\w+\})", paragraph):
            if not part.startswith("{"):
                text.insertString(at, part, False)
                continue
            field = document.createInstance("com.sun.star.text.TextField.Database")
            column = document.createInstance("com.sun.star.text.FieldMaster.Database")
            column.DataBaseName, column.DataTableName, column.DataColumnName = (
                "letters",
                "letters",
                part[1:-1],
            )
            field.attachTextFieldMaster(column)
            text.insertTextContent(at, field, False)
        text.insertControlCharacter(at, 0, False)
    template = (folder / "letter.odt").as_uri()
    document.storeAsURL(template, ())
    document.close(True)
    merge = make("com.sun.star.text.MailMerge", context)
    merge.DataSourceName, merge.Command, merge.CommandType = "letters", "letters", 0
    merge.DocumentURL, merge.OutputType, merge.OutputURL = template, 2, folder.as_uri()
    merge.FileNamePrefix, merge.SaveAsSingleFile, merge.SaveFilter = "merged", True, "writer_pdf_Export"
    wall, cpu = time.perf_counter(), seconds(process)
    merge.execute(())
    wall, cpu = time.perf_counter() - wall, seconds(process) - cpu
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak(process)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
