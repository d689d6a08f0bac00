"""Reprieves for the real server: of this year, with a policy whose facts the service can gather."""

from datetime import UTC, date, datetime, timedelta

from greenlight.kernel.tables.domain import Input, Kind, OutcomeType, OutputEntry, Value
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.reprieve.commands import OpenReprieve, SubmitEvidence, TermOrder
from greenlight.law.reprieve.policy import EXTEND, OUTCOMES, Origin, Policy
from greenlight.law.terms.deciding import LAPSE, REFER, KnownFact
from tests.law.reprieve.cases import BROAD

ENTITY = "nobody-applies-for-it"


def _row(name: str, outcome: str, parameters: dict[str, Value] | None = None, **when: Cell) -> Row:
    then = OutputEntry(outcome=outcome, parameters=parameters or {})
    return Row(id=name, when=when, then=then, annotation="A row.", citation="Test")


def _outcome(name: str) -> OutcomeType:
    """Without scopes, of which the policy has none."""
    parameters = tuple(each for each in OUTCOMES[name].parameters if each.name != "scope")
    return OutcomeType(name=name, parameters=parameters)


POLICY = Policy(
    table=Table(
        id="on-the-server",
        title="What follows a term",
        citation="Test",
        effective="2026-01-01",
        hit_policy=HitPolicy.FIRST,
        inputs=(
            Input(name="applications_pending", type=Kind.INTEGER, maximum=9, may_be_unknown=True),
            Input(name="directive", type=Kind.STRING, values=("end", "go_on"), may_be_unknown=True),
            Input(name="dependence", type=Kind.BOOLEAN, may_be_unknown=True),
            Input(name="terms_issued", type=Kind.INTEGER, maximum=99),
        ),
        outcomes=tuple(map(_outcome, (EXTEND, LAPSE, REFER))),
        rows=(
            _row("directive", LAPSE, directive=Cell(test="is", value="end")),
            _row("docket-unknown", REFER, applications_pending=Cell(test="unknown")),
            _row("silence", REFER, dependence=Cell(test="unknown")),
            _row("dependence", EXTEND, {"days": 90}, dependence=Cell(test="is", value=True)),
            _row("no-directive", LAPSE, directive=Cell(test="unknown")),
            _row("otherwise", LAPSE),
        ),
    ),
    origins={
        "applications_pending": Origin.GATHERED,
        "directive": Origin.GATHERED,
        "dependence": Origin.EVIDENCE,
        "terms_issued": Origin.LAW,
    },
)


def today() -> date:
    return agency_date(datetime.now(UTC))


def term(days: int = 30, *entities: str) -> TermOrder:
    """From now, to the end of a day so many days ahead."""
    return TermOrder(
        valid_through=today() + timedelta(days=days),
        scope=BROAD,
        entities=frozenset(entities or {ENTITY}),
        reason="Existing customers.",
    )


def opening(days: int = 30, *entities: str) -> OpenReprieve:
    return OpenReprieve(title="On the server", policy=POLICY, term=term(days, *entities))


def evidence(value: bool = True) -> SubmitEvidence:
    """As agencies submit it."""
    fact = KnownFact(name="dependence", value=value, source="rural carriers")
    return SubmitEvidence(fact=fact, statement="As they say.")
