"""An instant that has come and flips ten thousand open cases: from its first event to its last, on record.

The ratio is to recording as many such events, made beforehand, through the same recorder by as many writers:
what reading, folding, asking the law twice and deciding cost beside that.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.moments import MomentActivities
from bench.cases import APPLICATION as FILED
from greenlight.answers.listed import Shipped
from greenlight.connection.target import Addressed
from greenlight.eventlog.database import WHOLE, connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.outlook import count_open
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Append, Commit, Event
from greenlight.kernel.messages import Internal
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import application_stream
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.dossier import Finding, Party, PartyRole, Screening
from greenlight.law.application.events import ApplicationSubmitted, PartiesScreened
from greenlight.law.application.flip.events import AnswerFlipped
from greenlight.law.application.flip.said import Said, Turn
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.commands import OpenMoment
from greenlight.law.moment.state import MomentRequest, MomentState, key_of
from greenlight.law.terms.spans import JUST_BEFORE
from greenlight.reference.controls import load_tables
from greenlight.reference.rules import load_rules
from greenlight.screening.book import Listing, ListingBook, ListingTerms
from greenlight.service.bulk import AT_ONCE, Bulk, Errand
from greenlight.service.folding import Folded
from greenlight.service.moments import Law
from greenlight.service.suppliers import Suppliers
from workflows.moment import BATCH

CASES = 10_000
INSTANT = end_of_day(agency_date(datetime.now(UTC)) - timedelta(days=1))
"""The midnight before: no deadline of a case that was filed shortly before it has passed yet."""
NAME = "Skerry Mobile AS"
ACN = "Y000000"
_TERMS = ListingTerms(
    effective=INSTANT,
    license_requirement="For all items subject to the EAR",
    review_policy="Presumption of denial",
    citation="91 FR 1",
)
BOOK = ListingBook(
    id="a-list",
    title="A list",
    source="A figure",
    retrieved=agency_date(INSTANT) - timedelta(days=20),
    version="sha256:" + "0" * 64,
    listings=(
        Listing(
            key="skerry", name=NAME, countries=("NO",), listed=INSTANT, citation="91 FR 1", terms=(_TERMS,)
        ),
    ),
)
_BY = Actor(officer="acme", person="p-acme", organisation="acme", role=Role.APPLICANT)

_INSERT = """
INSERT INTO greenlight.event (position, stream, version, type, at, recorded_at, command_id, record, proof)
SELECT position, stream, version, type, at, at, NULL, record, NULL
FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::text[], $5::timestamptz[], $6::text[])
     AS made (position, stream, version, type, at, record)
"""


async def measure(empty: Addressed) -> dict[str, float]:
    """``moment_10000_s``: until all are on record. ``empty`` leads to an empty database, which is filled."""
    await migrate(empty.owner_url)
    await _fill(empty.owner_url)
    async with _opened(empty) as (recorder, law, bulk):
        began = time.perf_counter()
        state = await _come(recorder, law, bulk)
        seconds = time.perf_counter() - began
        assert (state.completed, state.applications.flips) == (True, CASES), state
        recorded = await _recorded(recorder)
    return {"moment_10000_s": seconds, "moment_vs_recorded": recorded / seconds}


def _filed() -> tuple[Event, ...]:
    """A case for which nobody needs a license, until the list names its consignee."""
    consignee = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=NAME, country="NO")
    said = {
        "parties": (consignee,),
        "circumstances": Circumstances.none_applies(),
        # No two are about the same transaction.
        "reference": ACN,
    }
    at = INSTANT - timedelta(days=3)
    submitted = ApplicationSubmitted(at=at, by=_BY, acn=ACN, application=FILED.model_copy(update=said))
    found = Screening(list_version=BOOK.version, findings=(Finding(party=0, outcome="no_match"),))
    return submitted, PartiesScreened(at=at, screening=found)


async def _fill(owner_url: str) -> None:
    """Twice as many cases as are to be flipped: the others, decided, are what the floor records in."""
    events = _filed()
    state: Any = APPLICATION.folded(None, events)
    view = APPLICATION.view(state, len(events)).model_dump_json()
    rows = [
        (n * len(events) + place, application_stream(_acn(n)), place, type(event).__name__, event.at, record)
        for n in range(2 * CASES)
        for place, event in enumerate(events, 1)
        for record in (event.record().replace(ACN, _acn(n)),)
    ]
    async with connection(owner_url, application="bench", limits=WHOLE) as owner:
        await owner.execute(_INSERT, *map(list, zip(*rows, strict=True)))
        shown = [_row(view, n) for n in range(2 * CASES)]
        await owner.execute("SELECT greenlight.show('docket', $1::jsonb[])", shown)
        await owner.execute("UPDATE greenlight.docket SET closed = acn >= $1", _acn(CASES))
        await owner.execute("UPDATE greenlight.log SET position = $1", len(rows))
        await owner.execute("VACUUM ANALYZE")


def _acn(number: int) -> str:
    return f"Y{number:06}"


def _row(view: str, number: int) -> str:
    """The row of a case."""
    row: dict[str, Any] = json.loads(view.replace(ACN, _acn(number)))["row"]
    return json.dumps(row | {"pending_transaction": f"sha256:{number:064x}"})


@asynccontextmanager
async def _opened(empty: Addressed) -> AsyncGenerator[tuple[Recorder, Law, Bulk]]:
    law = Law(empty.database_url, Shipped(BOOK), load_tables(), load_rules())
    async with Recorder(empty.writer_url) as recorder, law.reader:
        await recorder.read_standing()
        # No return is proposed for what needs a license, and nobody is screened: nothing is asked of these.
        nobody: Any = None
        yield recorder, law, Bulk(recorder, Suppliers(recorder, nobody, None), Kind.PRODUCTION)


async def _come(recorder: Recorder, law: Law, bulk: Bulk) -> MomentState:
    """Do what the service and the workflow of a moment do, without Temporal in between."""
    activities = MomentActivities(recorder, law, bulk)
    moment = Folded[MomentState](MOMENT.stream(key_of(INSTANT)))
    basis = await law.basis(INSTANT)
    coming = basis.coming(INSTANT - JUST_BEFORE, INSTANT)
    pending = await count_open(law.reader.source)
    body: Any = OpenMoment(instant=INSTANT, coming=coming, pending=pending)
    while True:
        internal = Internal(name=body.declared.name, body=body.model_dump(mode="json"))
        await bulk.settle(MOMENT, [Errand(moment, internal=internal)], max(INSTANT, await recorder.now()))
        state = moment.state
        assert state is not None, "it is recorded"
        assert state.recorded_at is not None, "so is when"
        if state.completed:
            return state
        request = MomentRequest(
            instant=INSTANT,
            batch=state.batches + 1,
            cursor=state.cursor,
            limit=BATCH,
            streams=(),
            by=moment.stream,
            since=state.recorded_at,
        )
        body = (await activities.batch(request)).progress


async def _recorded(recorder: Recorder) -> float:
    """The seconds for as many events of the same kind, made beforehand."""
    before: Any = APPLICATION.folded(None, _filed())
    turn = Turn(destination="NO", before=Said.NOT_REQUIRED, after=Said.REQUIRED)
    flip = AnswerFlipped(at=INSTANT, instant=INSTANT, turns=(turn,), because="Entry skerry counts (91 FR 1)")
    after: Any = APPLICATION.apply(before, flip)
    view = APPLICATION.view(after, 3)
    count = (await recorder.read_standing()).count
    commits = [
        Commit(
            proof=None,
            appends=(
                Append(
                    stream=application_stream(_acn(n)),
                    expected_version=2,
                    events=(flip.record(),),
                    view=view.model_copy(
                        update={"row": view.row | {"acn": _acn(n), "pending_transaction": None}}
                    ),
                ),
            ),
            directives=count,
        )
        for n in range(CASES, 2 * CASES)
    ]
    began = time.perf_counter()
    shares: Sequence[Iterable[Commit]] = [itertools.islice(commits, n, None, AT_ONCE) for n in range(AT_ONCE)]
    await asyncio.gather(*(_one_by_one(recorder, share) for share in shares))
    return time.perf_counter() - began


async def _one_by_one(recorder: Recorder, commits: Iterable[Commit]) -> None:
    for commit in commits:
        said = await recorder.record(commit)
        assert said.status == "recorded", said
