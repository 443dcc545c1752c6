"""Which rules of notice a client has: the house rule, or the contract's term in its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from mailer.agreement import ContractKind
from mailer.campaign.definition import Definition
from mailer.campaign.loading import Campaign
from mailer.campaign.rates import RateLine, over_cap
from mailer.clients.member import Member
from mailer.clients.places import state_named
from mailer.clients.record import Contract
from mailer.errors import MailerError
from mailer.judgement.history import History, Question
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.stated import KnownClosings, Stated
from mailer.notice.calendars import FIRM
from mailer.notice.closings import Closing, Closings, closings
from mailer.notice.governing import Situation, named, statutes_for
from mailer.notice.limits import RiseAllowed, RiseLimits, rise_allowed_from
from mailer.notice.problems import RuleProblem
from mailer.notice.rulebook import preset
from mailer.notice.rules import OnReturn, Origin, Rule, rules_for
from mailer.notice.terms import contract_rule
from mailer.settings import Settings


class TermUnknown(MailerError):
    """A contract is said to exist and its notice term is not known: nothing may be assumed."""


def house_rule(settings: Settings, definition: Definition | None = None) -> Rule:
    """The firm's own habit: the campaign's, else mailer.toml's."""
    name = (definition.notice.house if definition else "") or settings.house.notice
    rule = preset(name)
    if rule.origin is not Origin.HOUSE:
        raise RuleProblem(
            f"{name!r} is a {rule.origin.value} rule, not a firm's own habit.",
            where="[notice] house"
            if definition and definition.notice.house
            else "mailer.toml [house] notice",
            todo="Write house-30-day, or leave it out.",
        )
    return rule


def rules_of(contract: Contract, house: Rule, statutes: tuple[Rule, ...] = ()) -> tuple[Rule, ...]:
    """All rules that a notice to this client must meet. Raises TermUnknown."""
    return rules_for(house, contract_term(contract), statutes)


def _where_mailed(rule: Rule, piece: ClientPiece) -> Rule:
    """A statute that adds fewer days for mail within its state: the rule for other mail, where the piece was
    mailed elsewhere, or by a service that does not say where.
    """
    if rule.mailed_within is None or piece.counts_on is None:
        return rule
    if piece.place is not None and state_named(piece.place) in ("", rule.mailed_within.state):
        return rule
    return elsewhere(rule)


def elsewhere(rule: Rule) -> Rule:
    """The rule as it is for mail that is not known to be mailed within the state."""
    return preset(rule.mailed_within.otherwise) if rule.mailed_within else rule


def largest_rise(lines: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """The largest rise, a fraction, of (before, after); a cut is none, and one from nothing has no bound."""
    return max(
        ((new - old) / old if old else Decimal("Infinity") for old, new in lines if new > old),
        default=Decimal(0),
    )


def situation_of(member: Member, mailed_from: str, rise: Decimal) -> Situation:
    """What a statute looks at, for one client."""
    return Situation(member.state, member.country, member.mail_state, member.mail_country, mailed_from, rise)


def _situation(member: Member, facts: Stated, question: Question, rise: Decimal) -> Situation:
    """The same for a letter: the places that it froze; today's where an older mailer froze none."""
    mailed_from = facts.mailed_from or question.state
    if not facts.country:
        return situation_of(member, mailed_from, rise)
    places = (facts.state, facts.country, facts.mail_state, facts.mail_country)
    return Situation(*places, mailed_from, rise)


def contract_term(contract: Contract) -> Rule | None:
    """The contract's notice term as a rule; None without a contract. Raises TermUnknown."""
    if contract.notice:
        return contract_rule(contract.notice)
    if contract.kind is ContractKind.NONE:
        return None
    raise TermUnknown(
        f"has a contract ({contract.kind.value}) whose notice term is not in the client list.",
        todo="Look it up, and import it as the column “Notice Term”.",
    )


def rise_allowed(contract: Contract, effective: date, last_rise: date | None) -> RiseAllowed:
    """From when the contract allows a rise asked for on `effective`. Raises TermUnknown."""
    if contract.only_at_renewal and contract.renewal is None:
        raise TermUnknown(
            "has rates that may rise only at renewal, and no renewal day in the client list.",
            todo="Look it up, and import it as the column “Renewal”.",
        )
    limits = RiseLimits(
        contract.rate_locked_until,
        contract.min_months_between or 0,
        contract.renewal if contract.only_at_renewal else None,
    )
    return rise_allowed_from(effective, limits, last_rise)


def rise_barred(history: History, day: date, lines: Sequence[RateLine], rises: Sequence[date]) -> str:
    """Why the contract of that day does not let the rates rise, in words; "" where it does, or none rises.

    `rises` are those before it. Raises TermUnknown.
    """
    if not any(line.new > line.old for line in lines):
        return ""
    contract = history.contract_on(day)
    said = "; ".join(filter(None, (over_cap(line, contract.max_raise) for line in lines)))
    if said:
        return said
    told = history.raised_before(day)  # the list may come to name this very rise: it bars not itself
    allowed = rise_allowed(contract, day, max((*rises, told) if told else rises, default=None))
    return "" if allowed.as_asked else allowed.steps[-1].text


def goes_certified(facts: Stated, campaign: Campaign | None) -> bool:
    """Does a letter go by certified mail: its definition said so, or a rule counts only a proved receipt.

    `campaign` answers for pieces that an older mailer approved, whose facts do not hold what it said.
    """
    then = campaign.definition.letter.certified if campaign else False
    asked = (then if facts.certified is None else facts.certified) or needs_proof(facts)
    return asked and not facts.is_copy


def needs_proof(facts: Stated) -> bool:
    """Does a rule that the piece was made under count only a proved receipt: then it goes certified."""
    return any(rule.needs_receipt for rule in rules_stated(facts))


def rules_stated(facts: Stated) -> list[Rule]:
    """The rules that a piece was made under; of an older mailer's, those that it froze."""
    rules = [preset(name) for name in (facts.house, *facts.statutes) if name]
    if facts.courtesy:
        return rules[:1]
    return [*rules, contract_rule(facts.term)] if facts.term else rules


def rules_binding(
    history: History, letter: ClientPiece, effective: date, question: Question, rise: Decimal
) -> tuple[Rule, ...]:
    """All rules that a letter's notice must meet.

    The firm's own and the statutes are those it was made under, for the places it froze; the size of a rise
    may choose another rule of the same statute. Before it is mailed, and where an older mailer froze none,
    those that its definition names today must be met too. The contract's term is that of the day of mailing
    and that of the effective day: both must be met, so that the stricter governs; what was signed later binds
    nothing. A letter that is no notice keeps the firm's own alone. Raises TermUnknown.
    """
    facts = letter.facts
    house = preset(facts.house) if facts.house else question.house
    if facts.courtesy:
        return (house,)
    statutes = statutes_binding(history, letter, question, rise)
    contracts = (history.contract_on(letter.counts_on or question.today), history.contract_on(effective))
    rules = [rule for contract in contracts for rule in rules_of(contract, house, statutes)]
    if facts.term:
        rules.append(contract_rule(facts.term))
    return tuple(dict.fromkeys(rules))


def by_email(rules: Iterable[Rule]) -> bool:
    """Does an e-mail give notice under all of these: a contract that says so, and no statute beside it."""
    return all(rule.by_email for rule in rules)


def of_a_copy(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules that ask for a copy by e-mail, as they are for it: one that bounced was not given, and e-mail
    goes on any day. Empty where none asks for it.
    """
    return tuple(
        replace(rule, by_email=True, mailing_calendar="none", on_return=OnReturn.REBUTTED)
        for rule in rules
        if rule.copied
    )


def refusing_email(rules: Iterable[Rule], letter: ClientPiece) -> Rule | None:
    """The rule by which a letter that went by e-mail is no notice. What the firm handed over was paper."""
    if not letter.facts.by_email or letter.facts.courtesy or letter.counts_on is None or letter.place:
        return None
    return next((rule for rule in rules if not rule.by_email), None)


@lru_cache(maxsize=4_096)
def closings_known(
    frozen: KnownClosings | None, handed_over: KnownClosings, mailed: date | None, now: Closings
) -> Closings:
    """The closings by which a letter is judged: those that it froze, those known when it was `handed_over`,
    and those up to its mailing day; all that are known `now` before it is mailed, or where an older mailer
    froze none.
    """
    if mailed is None or frozen is None:
        return now
    then = (Closing(one.calendar, one.day, one.reason) for one in (*frozen, *handed_over))
    return closings([*then, *(row for row in now.rows if row.day <= mailed or row.calendar == FIRM)])


def statutes_binding(
    history: History, letter: ClientPiece, question: Question, rise: Decimal
) -> tuple[Rule, ...]:
    """The statutes' rules among them."""
    facts = letter.facts
    names = tuple(dict.fromkeys(named(rule) for rule in facts.statutes))
    if letter.counts_on is None or not facts.house:
        names = tuple(dict.fromkeys((*names, *question.asked(letter.campaign).statutes)))
    now = statutes_for(names, _situation(history.member, facts, question, rise)) if names else ()
    known = (*(preset(name) for name in facts.statutes), *now)
    return tuple(dict.fromkeys(_where_mailed(rule, letter) for rule in known))
