"""What a piece weighs, its shape, and which ways of paying the post takes. Pure; ounces and inches.

Sources: USPS DMM 101 (a letter is at most 3.5 oz and 1/4 in thick; 8.5 x 11 in is a flat), 201.3.14 and
201.3.16 (a folded self-mailer at most 3 oz and 12 panels, a booklet 3 oz with three tabs), 604.5.1.2 (a
permit imprint needs 200 pieces or 50 lb), 243.3 (Marketing Mail likewise). Weights are computed from the
paper's basis weight; the post weighs, so weigh one finished piece.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from mailer.errors import Refused
from mailer.settings import MailingClass, Postage, PrintStock

Shape = Literal["letter", "flat"]

LETTER_SHEETS: Final = 6  # folded in three, a #10 envelope does not close well over more
LETTER_OUNCES: Final = Decimal("3.5")
SELF_MAILER_OUNCES: Final = Decimal(3)
SELF_MAILER_POUNDS: Final = 28  # bond: on lighter paper the post's machines do not take it (DMM 201.3.14)
LETTER_THICK: Final = Decimal("0.25")
PERMIT_PIECES: Final = 200
PERMIT_POUNDS: Final = 50
OUNCES: Final = 16  # in a pound

_BASIS_SHEETS: Final = 2_000  # letter sheets in the 500 sheets of 17 x 22 in that basis weight means
_CALIPER: Final = Decimal("0.004") / 20  # in, of one sheet, for each pound of basis weight
_LAYERS: Final = 3  # of a sheet folded in three
# An envelope by the area of its blank: #10 of 24 lb bond 105 sq in, 9 x 12 in of 28 lb 255 sq in.
_ENVELOPE_10: Final = Decimal("0.22")
_ENVELOPE_FLAT: Final = Decimal("0.61")
_TABS: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Posting:
    """How a piece goes through the post: `ounces` of the finished piece, rounded to hundredths."""

    shape: Shape
    ounces: Decimal
    thick: Decimal  # in
    machinable: bool = True

    def words(self, pieces: int) -> str:
        """For people: "3 letters of about 0.38 oz"."""
        noun = {"letter": "letter", "flat": "large envelope (flat)"}[self.shape]
        if pieces != 1:
            noun = noun.replace("letter", "letters").replace("envelope", "envelopes").replace("flat", "flats")
        return f"{pieces:,} {noun} of about {self.ounces} oz"


def posting(sheets: int, *, paper_weight: int, self_mailer: PrintStock | None = None) -> Posting:
    """The finished piece of so many letter sheets: folded in three in a #10 envelope, else flat in a 9 x 12.

    A self-mailer has no envelope; a booklet's sheets are as large as two letter sheets. Raises Refused where
    it is too heavy for one.
    """
    letter_sheets = sheets * (self_mailer.pages // 2 if self_mailer else 1)
    paper = letter_sheets * Decimal(paper_weight * OUNCES) / _BASIS_SHEETS
    folded = letter_sheets * _LAYERS * _CALIPER * paper_weight
    if self_mailer is PrintStock.BOOKLET:
        return Posting("flat", _rounded(paper), folded / _LAYERS)
    if self_mailer:
        ounces = _rounded(paper + _TABS)
        if ounces > SELF_MAILER_OUNCES:
            raise Refused(
                f"a folded newsletter weighs at most {SELF_MAILER_OUNCES} oz; this one weighs {ounces} oz.",
                where="postage",
                todo="Print it on lighter paper, or on fewer pages.",
            )
        return Posting("letter", ounces, folded, machinable=paper_weight >= SELF_MAILER_POUNDS)
    as_letter = _rounded(paper + _ENVELOPE_10)
    if sheets <= LETTER_SHEETS and as_letter <= LETTER_OUNCES and folded <= LETTER_THICK:
        return Posting("letter", as_letter, folded)
    return Posting("flat", _rounded(paper + _ENVELOPE_FLAT), folded / _LAYERS)


def require_minimum(
    postage: Postage, mail_class: MailingClass, weights: Counter[Decimal], *, notice: bool
) -> None:
    """Refuse what the post would not take: `weights` says how many pieces weigh so many ounces.

    Raises Refused for a notice by Marketing Mail, for Marketing Mail of fewer than 200 pieces that weigh
    less than 50 lb, and for a permit imprint on so few pieces of one weight (those of a permit mailing
    weigh the same: the post weighs one and counts).
    """
    if notice and mail_class is MailingClass.MARKETING:
        raise Refused(
            "a notice does not go by Marketing Mail, which may take weeks and is not returned.",
            where="mailer.toml, mailroom.newsletter_class",
            todo='Write newsletter_class = "first" for an issue that carries a notice.',
        )
    if mail_class is MailingClass.MARKETING and not _enough(sum(weights.values()), _total(weights)):
        raise Refused(
            f"Marketing Mail needs at least {_LEAST}; this job has {_counted(weights)}.",
            where="mailer.toml, mailroom.newsletter_class",
            todo='Write newsletter_class = "first" under [mailroom], and stamp or meter the pieces.',
        )
    if postage is Postage.PERMIT:
        for ounces, pieces in sorted(weights.items()):
            if not _enough(pieces, ounces * pieces):
                raise Refused(
                    f"a permit imprint needs at least {_LEAST} of one weight; this job has "
                    f"{_counted(Counter({ounces: pieces}))} at {ounces} oz each.",
                    where="mailer.toml, mailroom.postage",
                    todo='Write postage = "stamp" or "meter" under [mailroom] for this job.',
                )


_LEAST: Final = f"{PERMIT_PIECES} pieces or {PERMIT_POUNDS} lb"


def _total(groups: Counter[Decimal]) -> Decimal:
    return sum((ounces * pieces for ounces, pieces in groups.items()), Decimal(0))


def _enough(pieces: int, ounces: Decimal) -> bool:
    return pieces >= PERMIT_PIECES or ounces >= PERMIT_POUNDS * OUNCES


def _counted(groups: Counter[Decimal]) -> str:
    pieces, pounds = sum(groups.values()), _total(groups) / OUNCES
    return f"{pieces} piece{'s' if pieces != 1 else ''} ({pounds.quantize(Decimal('0.1'))} lb)"


def indicia(number: str, city: str, mail_class: MailingClass) -> tuple[str, ...]:
    """The lines of a permit imprint, top to bottom (DMM 604.5.3.6 and 604.5.3.7).

    "Presorted" (PRSRT) stands only on Marketing Mail, whose every price is a presort price: First-Class
    Mail that is not sorted for the post must not claim it.
    """
    marking = "PRSRT STD" if mail_class is MailingClass.MARKETING else "FIRST-CLASS MAIL"
    return (marking, "U.S. POSTAGE PAID", city.upper(), f"PERMIT NO. {number}")


def _rounded(ounces: Decimal) -> Decimal:
    return ounces.quantize(Decimal("0.01"), ROUND_HALF_UP)
