"""When the executive must sign off a countersigned recommendation. A policy of the service, as data."""

from greenlight.kernel.tables.domain import Fact, Input, Kind, OutcomeType, OutputEntry
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table

REQUIRED = "required"
NOT_REQUIRED = "not_required"

TABLE = Table(
    id="executive-sign-off",
    title="Executive sign-off of a countersigned recommendation",
    citation="Service policy; row listed-entity follows 15 CFR 744.11 and Supplement No. 4 to Part 744",
    effective="2019-05-16",
    hit_policy=HitPolicy.FIRST,
    inputs=(
        Input(name="listed_party", type=Kind.BOOLEAN),
        Input(name="disputed", type=Kind.BOOLEAN),
        Input(name="outcome", type=Kind.STRING, values=("grant", "deny")),
        Input(name="comparable_value", type=Kind.BOOLEAN),
        Input(name="value_usd_cents", type=Kind.INTEGER),
        Input(name="controlled_items", type=Kind.BOOLEAN),
    ),
    outcomes=(OutcomeType(name=REQUIRED), OutcomeType(name=NOT_REQUIRED)),
    rows=(
        Row(
            id="listed-entity",
            when={"listed_party": Cell(test="is", value=True)},
            then=OutputEntry(outcome=REQUIRED),
            annotation="A listed entity is a party.",
            citation="15 CFR 744.11(a)",
        ),
        Row(
            id="disputed",
            when={"disputed": Cell(test="is", value=True)},
            then=OutputEntry(outcome=REQUIRED),
            annotation="Agencies disagree; whatever their dispute comes to, the executive signs it.",
            citation="Service policy",
        ),
        Row(
            id="denial",
            when={"outcome": Cell(test="is", value="deny")},
            then=OutputEntry(outcome=REQUIRED),
            annotation="A denial is the executive's word.",
            citation="Service policy",
        ),
        Row(
            id="value-unknown",
            when={"comparable_value": Cell(test="is", value=False)},
            then=OutputEntry(outcome=REQUIRED),
            annotation="A value that cannot be held against the threshold goes up, not through.",
            citation="Service policy",
        ),
        Row(
            id="large-value",
            when={"value_usd_cents": Cell(test="at_least", value=50_000_000_00)},
            then=OutputEntry(outcome=REQUIRED),
            annotation="USD 50 million or more.",
            citation="Service policy",
        ),
        Row(
            id="controlled-and-substantial",
            when={
                "controlled_items": Cell(test="is", value=True),
                "value_usd_cents": Cell(test="at_least", value=5_000_000_00),
            },
            then=OutputEntry(outcome=REQUIRED),
            annotation="Items on the Commerce Control List worth USD 5 million or more.",
            citation="Service policy",
        ),
        Row(
            id="otherwise",
            when={},
            then=OutputEntry(outcome=NOT_REQUIRED),
            annotation="The countersigned recommendation decides.",
            citation="Service policy",
        ),
    ),
)


def facts(
    *, listed: bool, disputed: bool, outcome: str, values: dict[str, int], controlled: bool
) -> dict[str, Fact]:
    """The table's inputs. ``values`` sums minor units by currency."""
    return {
        "listed_party": listed,
        "disputed": disputed,
        "outcome": str(outcome),
        "comparable_value": set(values) <= {"USD"},
        "value_usd_cents": values.get("USD", 0),
        "controlled_items": controlled,
    }
