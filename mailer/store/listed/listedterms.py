"""The agreements that a client list brings, and from which day each holds.

A first import's terms hold from the beginning. Others hold from the import's day, or from that of
`--terms-from`; those before them are kept with their own day. What is changed again on the day from which it
holds is put in its place, and on the day of the first import it is what held from the beginning. One that
was found late is put between those that are stored, by its day; the last one, brought again with an earlier
day, is set back to it.

Terms wait for a day to be named where rates stand in any mailed letter of the client that takes effect on or
after the day of the stored terms, whatever its verdict is today: one that is late, blocked or came back may
hold under other terms, and one that holds may not. A letter that took effect before the stored terms cannot
be touched, since no day before theirs is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from mailer.agreement import ContractKind
from mailer.clients.record import Contract
from mailer.judgement.history import DatedTerms
from mailer.store.record.binding import TERMS, term_columns


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a client's terms: `values` of its row, and the `former` ones to be kept, if any.

    `waits` and `refused` say in words why the new ones are not taken; `values` are then the stored ones, as
    where the new ones were found late: `said` says for how long those hold.
    """

    values: dict[str, Any]
    former: dict[str, Any] = field(default_factory=dict)
    waits: str = ""
    refused: str = ""
    said: str = ""

    @property
    def dated(self) -> tuple[DatedTerms, ...]:
        """The agreements of which it speaks, each with its day."""
        former = [_dated(self.former, "valid_from")] if self.former else []
        return (*former, _dated(self.values, "terms_from"))


@dataclass(frozen=True, slots=True)
class ListedTerms:
    """How an import on the day `today` treats agreements. `given` is the day of `--terms-from`, and
    `last_raised` that of `--last-raised`: for whoever has months between rises and no day of the last one.

    `letters` tells of clients the last day on which a mailed letter with rates takes effect, `former` their
    agreements before the last one.
    """

    today: date
    letters: Callable[[Sequence[UUID]], Mapping[UUID, date]]
    former: Callable[[Sequence[UUID]], Mapping[UUID, Sequence[DatedTerms]]]
    given: date | None = None
    last_raised: date | None = None

    def first(self, contract: Contract) -> dict[str, Any]:
        """The columns of a client who is new."""
        return self._filled(term_columns(contract))

    def brought(self, known: Mapping[str, Any], contract: Contract, kept: Collection[str]) -> dict[str, Any]:
        """What the list says of a known client's agreement; what it does not speak about, `kept`, stays."""
        listed = term_columns(contract)
        return self._filled({name: (known if name in kept else listed)[name] for name in TERMS})

    def _filled(self, columns: dict[str, Any]) -> dict[str, Any]:
        if columns["min_months_between"] and columns["last_raised"] is None:
            columns["last_raised"] = self.last_raised
        return columns

    def settled(
        self,
        known: Mapping[str, Any],
        brought: dict[str, Any],
        effective: date | None,
        former: Sequence[DatedTerms] = (),
    ) -> Settled:
        """What becomes of them; `effective` is the client's day of `letters`, `former` those it has."""
        held: date | None = known["terms_from"]
        stored = {name: known[name] for name in TERMS}
        as_it_was = stored | {"terms_from": held}
        if brought == stored:
            return self._set_back(as_it_was, held, former)
        if self.given is None and effective is not None and _hangs_on_day(stored, brought, held, effective):
            return Settled(as_it_was, waits=_waits(effective))
        day = self.given or self.today
        on_first_day = self.given is None and held is None and known["first_imported"] == day
        if on_first_day or day == held == self.today:
            return Settled(brought | {"terms_from": held})
        if held is not None and day < held and self.given is not None:
            return _between(as_it_was, {"client_id": known["id"], "valid_from": day, **brought}, former)
        if held is not None and day <= held:
            return Settled(as_it_was, refused=f"its terms hold from {held}; others can't hold from {day}")
        replaced = {"client_id": known["id"], "valid_from": held, **stored}
        return Settled(brought | {"terms_from": day}, replaced)

    def _set_back(
        self, as_it_was: dict[str, Any], held: date | None, former: Sequence[DatedTerms]
    ) -> Settled:
        """What becomes of terms that are stored already: they hold from an earlier day that is given."""
        given = self.given
        if given is None or held is None or given >= held:
            return Settled(as_it_was)
        if between := [one.valid_from for one in former if one.valid_from >= given]:
            why = (
                f"its terms hold from {held}, and others did from {between[-1]}: they can't hold from {given}"
            )
            return Settled(as_it_was, refused=why)
        said = f"these terms were stored from {held} on: they hold from {given}"
        return Settled(as_it_was | {"terms_from": given}, said=said)


def _between(as_it_was: dict[str, Any], found: dict[str, Any], former: Sequence[DatedTerms]) -> Settled:
    """What becomes of an agreement that was `found` late, older than the stored one."""
    new = _dated(found, "valid_from")
    before = [one for one in former if one.valid_from <= new.valid_from]
    if before and before[-1].contract == new.contract:
        return Settled(as_it_was)  # it held then, as is stored
    if before and before[-1].valid_from == new.valid_from:
        why = f"other terms of its hold from {new.valid_from} already; two can't hold from one day"
        return Settled(as_it_was, refused=why)
    days = [one.valid_from for one in former if one.valid_from > new.valid_from]
    until = min([*days, as_it_was["terms_from"]])
    said = f"the agreement of {new.valid_from} holds until that of {until}, which is stored and follows it"
    return Settled(as_it_was, found, said=said)


def _dated(values: Mapping[str, Any], day: str) -> DatedTerms:
    """An agreement as its columns, with its day in the column of that name."""
    kind, *terms = (values[name] for name in TERMS)
    return DatedTerms(values[day] or date.min, Contract(ContractKind(kind), *terms))


def _hangs_on_day(
    stored: dict[str, Any], brought: dict[str, Any], held: date | None, effective: date
) -> bool:
    """Whether it makes a difference to a letter from which day the new terms hold.

    None does it that names its rise, or a later one, as the last; nor another day of renewal where neither
    agreement looks at it.
    """
    if held is not None and effective < held:
        return False
    aside = set()
    if brought["last_raised"] is not None and brought["last_raised"] >= effective:
        aside.add("last_raised")
    if not stored["only_at_renewal"] and not brought["only_at_renewal"]:
        aside.add("renewal")
    return any(stored[name] != brought[name] for name in TERMS if name not in aside)


def _waits(effective: date) -> str:
    return (
        f"the agreement changed, and a letter of new rates was mailed (for {effective}): it stays as stored "
        "until you say from which day the new one holds: import again with --terms-from DATE"
    )
