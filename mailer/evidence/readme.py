"""README.txt of an evidence pack: what lies in it, and how to verify it with and without mailer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from mailer.evidence.case import Case

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
{papers}pieces/            the exact pages that were approved and printed, many pieces a file{left_out};
                   the printer added only address and sheet marks
{seen}receipts/          the scans of the post's receipts
jobs/              the print room's list of each job
{index}addressees.csv     the pieces that the firm handed over, in the columns of PS Form 3665
addresses.jsonl    each piece, those that were never mailed included: what it states, its
                   address as printed, its client's id, its salt, its id at a mail service
{lists}events.jsonl       the whole ledger from event 1 to its head; of what concerns other
                   mailings, the hash
rules.json         the rules of notice as they were applied
check.json         the verdict on each client on the day this was made
manifest.json      SHA-256 and size of every file but itself and SHA256SUMS
SHA256SUMS         SHA-256 of every file but itself

TO VERIFY WITH MAILER (no database, no network)
    mailer evidence verify FOLDER
    mailer evidence verify FOLDER --head HASH --manifest HASH
The first hash is a ledger head from a paper that was signed at the time: the print
room's checklist, a declaration of mailing, a certificate. If it is found, the ledger
up to that event has not been rewritten since the paper was signed; the paper says
nothing of later events. The second is the SHA-256 of manifest.json as it was noted
when this was made, in a signed certificate or an e-mail of that day: if it is the
same, no file was changed since.

WHAT RESTS ON WHAT
The ledger bears out pieces/, receipts/, jobs/ and paper/, what each piece states, its
address and its client's id in addresses.jsonl, addressees.csv, what a mail service
told and each correction that is listed. All else rests on manifest.json alone: evidence.pdf, declarations,
certificates, composites/, rules.json, check.json, this text, the title, and in
tracking.jsonl "means", "told_at" and "told_by". Whoever changes those can write
manifest.json and SHA256SUMS anew; only its hash, noted elsewhere, shows that.

TO VERIFY WITHOUT MAILER
1. Every file is as it is listed (Linux, macOS: shasum -a 256 -c SHA256SUMS), and the
   hash of manifest.json there is the one that was noted when this was made:
    sha256sum -c SHA256SUMS
2. No file was added: the folder holds SHA256SUMS and the files named in it alone.
3. The ledger is unbroken. Each line of events.jsonl is one event. Its hash is the
   SHA-256 of the UTF-8 JSON text of the list
   [seq, kind, version, subject, actor, recorded_at, occurred_on, rehearsal, what,
   prev], written without spaces and with non-ASCII letters as they are. what is the
   SHA-256 of payload, or "withheld" where the payload is not shown (version 1: the
   payload itself). prev is the hash of the event before; that of the first is 64
   zeros. The last hash is the ledger head above.
4. Each piece is the one that was recorded. An event "pieces.prepared" has a line for
   each of its pieces with three SHA-256: of its pages; of "facts" in addresses.jsonl;
   and of its salt, one NUL byte and "person" there, both as JSON text with keys sorted
   and no spaces. facts has the SHA-256 of the file in pieces/ that holds its pages, and
   which these are; or the first of the three is that of the file itself. (The hash of
   pages alone, "pages-1:", is the same however a PDF is packed: docs/evidence.md.)
   "piece.reissued", where the same pages went again, has the three as sha256, facts
   and person. What an older mailer had prepared has
   "pieces.adopted" with the same lines: bound from that day, not from preparation.
5. Each receipt: "receipt" in an event "job.dropped" or "drop.receipt-added" is the
   SHA-256 of a file in receipts/. Each job: "manifest" in an event "job.produced" is
   that of a file in jobs/, and "paper", where it was pre-printed, of one in paper/.
6. Each piece that a mail service took: "id" and "sha256" of its event "piece.accepted"
   stand in addresses.jsonl; "pages", or sha256 where there is none, is the first of the
   three in step 4. Each line of
   tracking.jsonl is an event with the same "event", "kind" and "at".

Steps 3, 4 and 6 in Python 3, with nothing installed; save it as verify.py elsewhere, and
run it in this folder. It ends with the ledger head, or with an error:

{script}"""

SCRIPT: Final = """\
import hashlib, json, pathlib
sha = lambda data: hashlib.sha256(data).hexdigest()
read = lambda name: [json.loads(line) for line in
                     pathlib.Path(name).read_text("utf-8").split("\\n") if line]
fields = "seq kind version subject actor recorded_at occurred_on rehearsal".split()
text = lambda what: json.dumps(what, separators=(",", ":"), ensure_ascii=False,
                               sort_keys=True)
def numbers(ranges):
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
prev, prepared, taken, told = "0" * 64, {}, {}, {}
for seq, event in enumerate(read("events.jsonl"), 1):
    what = event.get("withheld") or sha(event["payload"].encode())
    what = event["payload"] if event["version"] == 1 else what
    whole = text([*(event[f] for f in fields), what, prev])
    assert event["seq"] == seq and event["prev"] == prev, f"event {seq}: order"
    assert event["hash"] == sha(whole.encode()), f"event {seq}: content"
    prev = event["hash"]
    if event.get("withheld"):
        continue
    said = json.loads(event["payload"])
    if event["kind"] in ("pieces.prepared", "pieces.adopted"):
        for number, line in zip(numbers(said["pieces"]), said["leaves"].split("\\n")):
            prepared[event["subject"], number] = line.split()
    if event["kind"] == "piece.reissued" and "facts" in said:
        leaves = [said["sha256"], said["facts"], said["person"]]
        prepared[event["subject"], int(said["pieces"])] = leaves
    if event["kind"] == "piece.accepted":
        taken[event["subject"], int(said["pieces"])] = said
    if said.get("event"):
        told[said["event"]] = said
for piece in read("addresses.jsonl"):
    key = (piece["subject"], piece["number"])
    (pages, facts, person), service = prepared[key], piece.get("service")
    if service:
        assert taken[key]["id"] == service["id"], piece
        assert taken[key]["sha256"] == service["sha256"], piece
        assert taken[key].get("pages", service["sha256"]) == pages, piece
    assert sha(text(piece["facts"]).encode()) == facts, piece
    if piece["file"]:
        digest = sha(pathlib.Path(piece["file"]).read_bytes())
        assert digest in (pages, piece["facts"][1]), piece
    assert [pages, piece["clients"]] == [piece["facts"][n] for n in (4, 6)], piece
    if piece["salt"]:
        salted = f"{piece['salt']}\\0{text(piece['person'])}"
        assert sha(salted.encode()) == person, piece
        assert piece["person"][1] == piece["address"], piece
for row in read("tracking.jsonl") if pathlib.Path("tracking.jsonl").exists() else ():
    assert told.pop(row["event"])["kind"] == row["kind"], row
assert not told, told
print(prev)
"""


_LINES: Final = {  # folder or file of the pack: the lines about it
    "declaration": """\
declaration*.pdf   one for each hand-over to the post, to be read and signed by the
                   person who made it; nothing in it is signed
""",
    "certificate": """\
certificate-*.pdf  for what a mail service mailed: a certificate of business records for
                   the firm's custodian to complete and sign
request-to-*.pdf   the text of one for the service's own custodian
""",
    "paper/": """\
paper/             the page that the pre-printed paper carried, kept at the printing
""",
    "composites/": """\
composites/        what each client saw, made for this pack: the piece with its address
                   laid over it on that paper
""",
    "pieces.csv": """\
pieces.csv         in which file of pieces/, and on which of its pages, each piece is
""",
    "service.csv": """\
service.csv        the pieces that a mail service took: ids, times, custody
""",
    "tracking.jsonl": """\
tracking.jsonl     everything that a mail service told of them, in its own words
""",
    "corrections.jsonl": """\
corrections.jsonl  addresses that were corrected: before, after, why, and the salt
""",
}


def readme(case: Case, files: Collection[str], *, pieces: bool) -> str:
    """The text for one pack of these files; `pieces`: whether the pieces' PDFs are in it."""
    frame = case.frame
    firm = frame.settings.firm
    title = f"EVIDENCE OF MAILING: {frame.subject.campaign}"
    rehearsal = "\nREHEARSAL: this was made from a rehearsal. It proves nothing.\n" if frame.rehearsal else ""
    lines = {
        start: text if any(name.startswith(start) for name in files) else "" for start, text in _LINES.items()
    }
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
        papers=lines["declaration"] + lines["certificate"],
        seen=lines["paper/"] + lines["composites/"],
        index=lines["pieces.csv"],
        lists=lines["service.csv"] + lines["tracking.jsonl"] + lines["corrections.jsonl"],
        left_out="" if pieces else " (left out of this pack)",
        script=SCRIPT,
    )
