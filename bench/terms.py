"""The length of the history of a reprieve that is extended again and again, for ten years."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from temporalio.client import Client
from temporalio.testing import TimeSkipper

from bench.histories import run_histories
from greenlight.kernel.tables.domain import Input, Kind, OutcomeType, OutputEntry
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.reprieve.commands import OpenReprieve, SubmitEvidence, TermOrder
from greenlight.law.reprieve.policy import EXTEND, OUTCOMES, Origin, Policy
from greenlight.law.reprieve.terms import Activity, Certifier, Scope
from greenlight.law.terms.deciding import REFER, KnownFact
from greenlight.rehearsal.played import PlayedOfficer

TERMS, DAYS = 40, 90
DYNAMIC_CONFIG = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    # The server lets every timer wait for a second, to look for several at once.
    "history.timerProcessorMaxTimeShift": '"10ms"',
}

SKIPPING = ("time_skipping", "options_updated")
"""Events of a history that nothing but the skipping of time brings about."""

ACTIVITY = Activity(
    key="networks",
    paragraph="(c)(1)",
    covers="Existing networks",
    certifier=Certifier.EXPORTER,
    certification="The transaction is within the scope.",
)


async def measure(temporal: Client, officers: Mapping[str, PlayedOfficer]) -> dict[str, float]:
    """Events of the longest run of the workflow, and of a term with its evidence, all runs taken together.

    A term passes in one step, from the evidence for it to the hour after its end.
    """
    first = agency_date(datetime.now(UTC))
    stream = (await officers["vera"].open_reprieve("bench-ten-years", _opening(first))).stream
    skipper, handle = TimeSkipper(temporal), temporal.get_workflow_handle(stream)
    for number in range(1, TERMS + 1):
        fact = KnownFact(name="dependence", value=True, source="rural carriers")
        await officers["defense"].decide(stream, SubmitEvidence(fact=fact, statement="They depend."))
        over = end_of_day(first + timedelta(days=DAYS * number)) + timedelta(hours=1)
        await skipper.fast_forward(handle, over - await skipper.get_current_time(handle))
    runs = await run_histories(temporal, stream)
    lived = sum(1 for run in runs for kind in run if not any(each in kind for each in SKIPPING))
    case = (await officers["vera"].status(stream)).status
    if case.stage != "running":
        raise RuntimeError(f"{stream} did not go on for {TERMS} terms: it is {case.stage}")
    return {
        "reprieve_run_history_events": max(map(len, runs)),
        "reprieve_history_events_per_term": lived / TERMS,
    }


def _opening(first: date) -> OpenReprieve:
    """Every term is followed by another, as long as somebody says that it is needed."""
    outcomes = (
        OutcomeType(name=EXTEND, parameters=(OUTCOMES[EXTEND].parameters[0],)),
        OutcomeType(name=REFER),
    )
    extend = OutputEntry(outcome=EXTEND, parameters={"days": DAYS})
    rows = (
        _row("nobody-says", OutputEntry(outcome=REFER), dependence=Cell(test="unknown")),
        _row("docket-unknown", OutputEntry(outcome=REFER), applications_pending=Cell(test="unknown")),
        _row("needed", extend, dependence=Cell(test="is", value=True)),
        _row("otherwise", OutputEntry(outcome=REFER)),
    )
    table = Table(
        id="bench",
        title="What follows a term",
        citation="None",
        effective="2019-05-20",
        hit_policy=HitPolicy.FIRST,
        inputs=(
            Input(name="applications_pending", type=Kind.INTEGER, maximum=9, may_be_unknown=True),
            Input(name="dependence", type=Kind.BOOLEAN, may_be_unknown=True),
        ),
        outcomes=outcomes,
        rows=rows,
    )
    origins = {"applications_pending": Origin.GATHERED, "dependence": Origin.EVIDENCE}
    term = TermOrder(
        valid_through=first + timedelta(days=DAYS),
        scope=Scope(activities=(ACTIVITY,)),
        entities=frozenset({"nobody-applies-for-it"}),
        reason="Existing customers.",
    )
    return OpenReprieve(title="Ten years", policy=Policy(table=table, origins=origins), term=term)


def _row(name: str, then: OutputEntry, **when: Cell) -> Row:
    return Row(id=name, when=when, then=then, annotation="", citation="")
