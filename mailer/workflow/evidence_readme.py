"""README.txt of an evidence pack: what lies in it, and how to verify it with and without mailer."""

from __future__ import annotations

from typing import Final

from mailer.render.evidence_record import Case

README: Final = """\
EVIDENCE OF MAILING: {campaign}
{rule}
{title}
Sender:      {firm}
Made:        {made} by mailer {version}
Ledger head: event {seq}
             {head}
{rehearsal}
WHAT IS HERE
evidence.pdf       for people: who was written to, when it was mailed, by which rule
                   it is notice, the day count, and what is weak in it
{papers}pieces/            the exact pages that were approved and printed, by the name of the
                   piece{left_out}; the printer added only address and sheet marks
receipts/          the scans of the post's receipts
jobs/              the print room's list of each job
addressees.csv     the pieces that the firm handed over, in the columns of PS Form 3665
addresses.jsonl    each piece, those that were never mailed included: its address as
                   printed, its client's id, its salt, its id at a mail service
{lists}events.jsonl       the whole ledger from event 1 to its head
rules.json         the rules of notice as they were applied
check.json         the verdict on each client on the day this was made
manifest.json      SHA-256 and size of every file but itself and SHA256SUMS
SHA256SUMS         SHA-256 of every file but itself

TO VERIFY WITH MAILER (no database, no network)
    mailer evidence verify FOLDER
    mailer evidence verify FOLDER --head HASH
HASH is a ledger head from a paper that was signed at the time: the print room's
checklist, a declaration of mailing, a certificate. If it is found, the ledger up to
that event has not been rewritten since the paper was signed.

TO VERIFY WITHOUT MAILER
1. Every file is as it was made (Linux, macOS: shasum -a 256 -c SHA256SUMS):
    sha256sum -c SHA256SUMS
2. No file was added: the folder holds SHA256SUMS and the files named in it alone.
3. The ledger is unbroken. Each line of events.jsonl is one event. Its hash is the
   SHA-256 of the UTF-8 JSON text of the list
   [seq, kind, version, subject, actor, recorded_at, occurred_on, rehearsal, payload,
   prev], written without spaces and with non-ASCII letters as they are. prev is the
   hash of the event before; that of the first is 64 zeros. The last hash is the
   ledger head above.
4. Each piece is the one that was recorded. The event "piece.prepared" of a piece, or
   "piece.reissued" where the same pages went again, holds
   sha256, the SHA-256 of its PDF in pieces/; address, the SHA-256 of its salt, one
   NUL byte, and its address lines joined by line feeds; and client, the same of the
   ids of its clients, joined by commas. Salts and lines are in addresses.jsonl.
5. Each receipt: "receipt" in an event "job.dropped" or "drop.receipt-added" is the
   SHA-256 of a file in receipts/. Each job: "manifest" in an event "job.produced" is
   that of a file in jobs/.
6. Each piece that a mail service took: "id" and "sha256" of its event "piece.accepted"
   stand in addresses.jsonl, and sha256 is the one of step 4. Each line of
   tracking.jsonl is an event with the same "event", "kind" and "at".

Steps 3, 4 and 6 in Python 3, with nothing installed; save it as verify.py elsewhere, and
run it in this folder. It ends with the ledger head, or with an error:

{script}"""

SCRIPT: Final = """\
import hashlib, json, pathlib
sha = lambda data: hashlib.sha256(data).hexdigest()
read = lambda name: [json.loads(line) for line in
                     pathlib.Path(name).read_text("utf-8").split("\\n") if line]
fields = ("seq kind version subject actor recorded_at occurred_on rehearsal "
          "payload prev").split()
prev, prepared, taken, told = "0" * 64, {}, {}, {}
for seq, event in enumerate(read("events.jsonl"), 1):
    text = json.dumps([event[f] for f in fields], separators=(",", ":"),
                      ensure_ascii=False)
    assert event["seq"] == seq and event["prev"] == prev, f"event {seq}: order"
    assert event["hash"] == sha(text.encode()), f"event {seq}: content"
    prev, said = event["hash"], json.loads(event["payload"])
    if event["kind"] in ("piece.prepared", "piece.reissued"):
        prepared[event["subject"], int(said["pieces"])] = said
    if event["kind"] == "piece.accepted":
        taken[event["subject"], int(said["pieces"])] = said
    if said.get("event"):
        told[said["event"]] = said
for piece in read("addresses.jsonl"):
    key = (piece["subject"], piece["number"])
    said, service = prepared[key], piece.get("service")
    if service:
        assert taken[key]["id"] == service["id"], piece
        assert taken[key]["sha256"] == service["sha256"] == said["sha256"], piece
    if piece["file"]:
        assert sha(pathlib.Path(piece["file"]).read_bytes()) == said["sha256"], piece
    if piece["salt"]:
        for key, text in (("address", "\\n".join(piece["address"])),
                          ("client", ",".join(piece["clients"]))):
            assert sha(f"{piece['salt']}\\0{text}".encode()) == said[key], piece
for row in read("tracking.jsonl") if pathlib.Path("tracking.jsonl").exists() else ():
    assert told.pop(row["event"])["kind"] == row["kind"], row
assert not told, told
print(prev)
"""


_DECLARATION: Final = """\
declaration*.pdf   one for each hand-over to the post, to be read and signed by the
                   person who made it; nothing in it is signed
"""
_CERTIFICATE: Final = """\
certificate-*.pdf  for what a mail service mailed: a certificate of business records for
                   the firm's custodian to complete and sign
request-to-*.pdf   the text of one for the service's own custodian
"""
_SERVICE: Final = """\
service.csv        the pieces that a mail service took: ids, times, custody
"""
_TRACKING: Final = """\
tracking.jsonl     everything that a mail service told of them, in its own words
"""
_CORRECTIONS: Final = """\
corrections.jsonl  addresses that were corrected: before, after, why, and the salt
"""


def readme(case: Case, *, pieces: bool, tracked: bool, corrected: bool) -> str:
    """The text for one pack: whether the pieces' PDFs are in it, what a service told, corrections."""
    frame = case.frame
    firm = frame.settings.firm
    title = f"EVIDENCE OF MAILING: {frame.subject.campaign}"
    rehearsal = "\nREHEARSAL: this was made from a rehearsal. It proves nothing.\n" if frame.rehearsal else ""
    papers = (_DECLARATION if case.drops else "") + (
        _CERTIFICATE if any(by.mailed for by in case.services) else ""
    )
    lists = (
        (_SERVICE if case.services else "")
        + (_TRACKING if tracked else "")
        + (_CORRECTIONS if corrected else "")
    )
    return README.format(
        campaign=frame.subject.campaign,
        rule="=" * len(title),
        title=frame.subject.title,
        firm=f"{firm.name}, {', '.join(firm.address.lines())}",
        made=frame.made_at.isoformat(timespec="seconds"),
        version=frame.version,
        seq=frame.head_seq,
        head=frame.head,
        rehearsal=rehearsal,
        papers=papers,
        lists=lists,
        left_out="" if pieces else " (left out of this pack)",
        script=SCRIPT,
    )
