from __future__ import annotations
from dataclasses import replace
from tests.fakes.lob import Handle
from tests.support.office import RATES, Office
L1="2027-rates-L-0001"
def test_try(approved: Office, fake_lob: Handle) -> None:
    o = replace(approved, environ={"LOB_API_KEY": "test_key", "MAILER_LOB_URL": fake_lob.base, "MAILER_LOB_RATE": "off"})
    print(o.does("send", RATES).said)
    print(o.does("track").said)
    fake_lob.tell(events=[{"type": "mailed", "label": L1, "time": "2026-11-25T20:00:00+00:00"}])
    later = o.on("2026-11-27")
    print(later.does("track", RATES).said)
    fake_lob.tell(events=[{"type": "delivered", "label": L1, "time": "2026-11-27T20:00:00+00:00"}])
    print(later.does("track", "--json").said)
    print(later.does("ledger", "verify").said)
    print(later.checked()["N-1"])
    for r in later.rows("select seq, kind, occurred_on, payload from event where seq>2"): print(r)
    for r in later.rows("select * from tracking"): print(r)
    assert 0
