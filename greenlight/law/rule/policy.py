"""The policies by which it is decided what follows the last day of an act on a rule, as data.

The service extends nothing: an extension is somebody else's act, which is on record or is not. So a policy
says what its absence means, and who is to look; it changes no answer. Each attestation is confirmed under one
of them, for good: a policy that is here stays as it is, and another has another name.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from greenlight.kernel.tables.domain import Input, Kind, OutcomeType, OutputEntry
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table
from greenlight.law.rule.standing import Force
from greenlight.law.terms.deciding import LAPSE, REFER
from greenlight.law.terms.ends import LEAD_DAYS

EXTENDED = "extended"
SETTLED = "settled"

FOLLOWS = "follows"
WAITING = "waiting"
DISPUTED = "disputed"
SUSPENSIONS = "suspensions"

PolicyName = Literal["ends-1", "ends-2"]
"""Every policy under which an attestation was ever confirmed. Another one is of a newer release."""

CURRENT: PolicyName = "ends-2"
"""The one for what is confirmed today."""

OPEN = "open"
"""Nobody knows how the rule stands after the end."""

MOST = 1_000


class EndPolicy(NamedTuple):
    """A decision table for the end of an act, and how many days ahead of its last day officers are told.

    ``late``: an end that is confirmed only once it has been is on record, too, and with each what ended it.
    """

    table: Table
    lead_days: int
    late: bool


_CITED = "ADR 74"


def _row(name: str, outcome: str, annotation: str, **when: Cell) -> Row:
    then = OutputEntry(outcome=outcome)
    return Row(id=name, when=when, then=then, annotation=annotation, citation=_CITED)


_YES, _NO = Cell(test="is", value=True), Cell(test="is", value=False)
_NOTHING = Cell(test="one_of", value=(OPEN, Force.ENDED.value))

_TABLE = Table(
    id="ends-1",
    title="What follows the last day of an act on a rule",
    citation=_CITED,
    effective="2026-11-30",
    hit_policy=HitPolicy.UNIQUE,
    inputs=(
        Input(
            name=FOLLOWS,
            type=Kind.STRING,
            values=(OPEN, *(force.value for force in Force)),
            annotation="How the rule stands from the first instant after the last day on, as attested.",
        ),
        Input(name=WAITING, type=Kind.BOOLEAN, annotation="An attestation waits for a second officer."),
        Input(name=DISPUTED, type=Kind.BOOLEAN, annotation="Attestations contradict each other."),
        Input(
            name=SUSPENSIONS,
            type=Kind.INTEGER,
            minimum=0,
            maximum=MOST,
            annotation="How often the rule was suspended, extensions counted.",
        ),
    ),
    outcomes=tuple(OutcomeType(name=name) for name in (EXTENDED, SETTLED, LAPSE, REFER)),
    rows=(
        _row(
            "contradicted",
            REFER,
            "Attestations contradict each other: officers say which is right.",
            disputed=_YES,
        ),
        _row(
            "extended",
            EXTENDED,
            "An act on record suspends the rule beyond that day.",
            disputed=_NO,
            follows=Cell(test="is", value=Force.SUSPENDED.value),
        ),
        _row(
            "replaced",
            SETTLED,
            "An act on record says how the rule stands from then on.",
            disputed=_NO,
            follows=Cell(
                test="one_of",
                value=tuple(
                    force.value
                    for force in (Force.NOT_ADOPTED, Force.IN_FORCE, Force.NOT_ENFORCED, Force.WITHDRAWN)
                ),
            ),
        ),
        _row(
            "attested-not-confirmed",
            REFER,
            "What somebody attested waits for a second officer.",
            disputed=_NO,
            follows=_NOTHING,
            waiting=_YES,
        ),
        _row(
            "nothing-published",
            LAPSE,
            "Nothing on record goes on beyond the last day: it lapses. How the rule stands is open until"
            " two officers attest it.",
            disputed=_NO,
            follows=_NOTHING,
            waiting=_NO,
        ),
    ),
)

POLICIES: Mapping[PolicyName, EndPolicy] = {
    "ends-1": EndPolicy(_TABLE, LEAD_DAYS, late=False),
    "ends-2": EndPolicy(_TABLE.model_copy(update={"id": "ends-2"}), LEAD_DAYS, late=True),
}
