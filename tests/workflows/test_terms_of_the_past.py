"""The reprieve of 2019-2020 and the suspension of 2025 on the real server: real lengths, time skipped.

Each is opened now and not then, so everything is moved by whole days, and must come as many days after its
opening as it did. Of the reprieve, what the service cannot gather, such as the directive, is submitted as
evidence on the day on which it was known. What has a last day is looked at by one law of terms in both.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.commit import Event
from greenlight.kernel.streams import rule_stream
from greenlight.kernel.time.calendar import agency_date, start_of_day
from greenlight.law.application.dossier import Party, PartyRole
from greenlight.law.registry import AnyAggregate
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    AddEntities,
    EndReprieve,
    OpenReprieve,
    RecordPublication,
    SubmitEvidence,
    TermOrder,
)
from greenlight.law.reprieve.coverage import covered
from greenlight.law.reprieve.events import (
    DecisionFellDue,
    DecisionMade,
    ReprieveEnded,
    TermExpired,
    TermIssued,
)
from greenlight.law.reprieve.policy import Origin, Policy
from greenlight.law.reprieve.timeline import timeline
from greenlight.law.rule.acts import Act as RuleAct
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.commands import AttestAct, ConfirmAttestation, OpenRule
from greenlight.law.rule.events import ActEnded, EndDecided, EndNeared
from greenlight.law.rule.history import rule_of
from greenlight.law.rule.timeline import timeline as rule_timeline
from greenlight.law.terms.deciding import KnownFact
from greenlight.law.terms.picture import Timeline
from greenlight.law.terms.spans import NEVER
from greenlight.reference.listings import load_listings
from greenlight.reference.policies import load_policy
from greenlight.reference.reprieves import entities, load_reprieve
from greenlight.reference.rules import load_rules
from tests.law.application.cases import PURCHASER, new_submission
from tests.law.reprieve.decisions import reevaluated
from tests.law.rule.aggregates import OF_NOBODY
from tests.workflows.office import Office, eventually
from tests.workflows.reprieves import today

HISTORY = load_reprieve()
BOOK = load_listings()
FROM_THE_LOG = frozenset({"applications_received", "applications_pending"})
MOVED = today() - HISTORY.terms[0].effective
AN_HOUR = timedelta(hours=1)
HUAWEI = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Huawei Technologies Co., Ltd.", country="CN")


SINCE_2025 = today() - date(2025, 9, 29)
"""From the first day of the rule of 2025 to today."""


def start(day: date, moved: timedelta = MOVED) -> datetime:
    """Of a day of that time, as it is moved."""
    return start_of_day(day + moved)


def moved_policy() -> Policy:
    """The policy of 2019, with its dates moved and as evidence what the log does not tell."""
    policy = load_policy()
    table = policy.table

    def moved(day: object) -> str:
        return (date.fromisoformat(str(day)) + MOVED).isoformat()

    rows = (
        row.model_copy(
            update={
                "then": row.then.model_copy(
                    update={
                        "parameters": {
                            name: moved(value) if name == "to" else value
                            for name, value in row.then.parameters.items()
                        }
                    }
                )
            }
        )
        for row in table.rows
    )
    origins = {
        name: Origin.EVIDENCE if origin is Origin.GATHERED and name not in FROM_THE_LOG else origin
        for name, origin in policy.origins.items()
    }
    return policy.model_copy(
        update={
            "table": table.model_copy(update={"rows": tuple(rows), "effective": moved(table.effective)}),
            "origins": origins,
            # A directive that is gathered counts as long as it stands; here it is submitted once.
            "evidence_days": 1_000,
        }
    )


POLICY = moved_policy()


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did, and when."""

    at: datetime
    officer: str
    body: Body


def acts() -> Iterator[Act]:
    """Those that the clock must find done come an hour before their day, others an hour after it began."""
    second, end = HISTORY.terms[1], HISTORY.end
    assert end is not None
    added = AddEntities(
        entities=entities(second, BOOK) - entities(HISTORY.terms[0], BOOK),
        effective=start(second.effective),
        running_terms=False,
        reasons="Listed",
        citation=second.listed_by[-1],
        published=start(second.published),
    )
    yield Act(start(second.effective) - AN_HOUR, "vera", added)
    for term in HISTORY.terms:
        published = RecordPublication(
            term=term.number, citation=term.citation, published=start(term.published)
        )
        yield Act(start(term.published) + AN_HOUR, "olga", published)
    for fact in HISTORY.facts:
        if POLICY.origins[fact.name] is Origin.EVIDENCE:
            known = KnownFact(name=fact.name, value=fact.value, source=fact.source)
            body = SubmitEvidence(fact=known, statement=fact.source)
            yield Act(start(fact.known) - AN_HOUR, "defense", body)
    ending = EndReprieve(reasons=end.reason, citation=end.citation, published=start(end.published))
    yield Act(start(end.effective) + AN_HOUR, "vera", ending)


async def lived(office: Office) -> str:
    first = HISTORY.terms[0]
    order = TermOrder(
        effective=start(first.effective),
        valid_through=first.valid_through + MOVED,
        scope=HISTORY.scopes[first.scope],
        entities=entities(first, BOOK),
        reason=first.reason,
    )
    # Somebody waits for a license, as in 2019; other tests' cases may all be decided by now.
    await office.submitted(new_submission(parties=(PURCHASER, HUAWEI)))
    stream = await office.reprieved(OpenReprieve(title=HISTORY.title, policy=POLICY, term=order))
    for act in sorted(acts(), key=lambda act: act.at):
        left = act.at - await office.now(stream)
        if left > timedelta(0):
            await office.fast_forward(stream, left)
        await office.settled(stream)
        await office.send(act.officer, stream, act.body)
    await office.result(stream)
    return stream


def then(instant: datetime) -> date:
    """The day of that time."""
    return agency_date(instant) - MOVED


async def suspended(office: Office) -> str:
    """The rule on affiliates (90 FR 47201, 90 FR 50857) as it comes with the service."""
    adopted, suspension = (each.act for each in load_rules().by_key["affiliates"].attestations)
    assert adopted is not None
    assert suspension is not None
    stream = await kept(office, "affiliates", adopted)
    begins = start(agency_date(suspension.effective), SINCE_2025)
    await office.fast_forward(stream, begins + AN_HOUR - await office.now(stream))
    await office["olga"].decide(stream, AttestAct(act=later(suspension)))
    await office["oscar"].decide(stream, ConfirmAttestation(number=2))
    return await ended(office, stream, date(2026, 11, 12))


async def licensed(office: Office) -> str:
    """Temporary General License No. 7, which came with that rule, through 28 November 2025 by the first
    of two readings."""
    known, _ = load_rules().by_key["tgl-7"].attestations
    assert known.act is not None
    return await ended(office, await kept(office, "tgl-7", known.act), date(2025, 12, 1))


async def kept(office: Office, key: str, act: RuleAct) -> str:
    rule = load_rules().by_key[key]
    stream = rule_stream(f"of-2025-{uuid4().hex[:8]}")
    # Of affiliates there is one rule, for all who use the log. Its matter moves no day.
    await office["olga"].begin(stream, OpenRule(title=rule.title, governs=OF_NOBODY, acts=(later(act),)))
    await office["oscar"].decide(stream, ConfirmAttestation(number=1))
    return stream


async def ended(office: Office, stream: str, day: date) -> str:
    await office.fast_forward(stream, start(day, SINCE_2025) - await office.now(stream))

    async def found() -> bool:
        return "EndDecided" in await office.types(stream)

    await eventually(found, "the end on record")
    await office.caught_up(stream)
    return stream


def later(act: RuleAct) -> RuleAct:
    """An act as it was, moved to today."""
    instants = {"effective": act.effective, "published": act.published, "filed": act.filed}
    moved = {name: start(agency_date(at), SINCE_2025) for name, at in instants.items() if at is not None}
    through = None if act.valid_through is None else act.valid_through + SINCE_2025
    return act.model_copy(update={**moved, "valid_through": through})


def of_reprieve(events: Sequence[Event]) -> Timeline:
    return timeline("2019", events)


def of_rule(events: Sequence[Event]) -> Timeline:
    rule = rule_of(events)
    assert rule is not None
    shown = rule_timeline(rule.title, rule.attestations)
    assert shown is not None
    return shown


class Past(NamedTuple):
    """A life, how it is drawn, and by how many days it is moved; and what comes on which days of that time.

    ``terms``: the first and last day of each; ``gaps``: from when until when none ran, or nobody knew;
    ``ahead``: the days on which it was time to see to what follows; ``over``: from which on one was over;
    ``rows``: by which row of the table it was decided.
    """

    live: Callable[[Office], Awaitable[str]]
    kind: AnyAggregate
    drawn: Callable[[Sequence[Event]], Timeline]
    moved: timedelta
    terms: Sequence[tuple[date, date | None]]
    gaps: Sequence[tuple[date, date | None]]
    ahead: Sequence[date]
    over: Sequence[date]
    rows: Sequence[str]

    def then(self, instant: datetime) -> date:
        return agency_date(instant) - self.moved


PASTS = {
    "reprieve-of-2019": Past(
        live=lived,
        kind=REPRIEVE,
        drawn=of_reprieve,
        moved=MOVED,
        terms=[(term.effective, term.valid_through) for term in HISTORY.terms],
        gaps=[(date(2020, 8, 14), date(2020, 8, 17))],
        ahead=[
            date(2019, 7, 20),
            date(2019, 10, 19),
            date(2020, 1, 17),
            date(2020, 3, 2),
            date(2020, 4, 15),
            date(2020, 7, 14),
        ],
        over=[term.valid_through + timedelta(days=1) for term in HISTORY.terms],
        rows=[
            "consumers",
            "rural-first",
            "rural-again",
            "comments-to-be-sought",
            "comments-open",
            "rules-tightened",
        ],
    ),
    "suspension-of-2025": Past(
        live=suspended,
        kind=RULE,
        drawn=of_rule,
        moved=SINCE_2025,
        terms=[(date(2025, 9, 29), None), (date(2025, 11, 10), date(2026, 11, 9))],
        gaps=[(date(2026, 11, 10), None)],
        ahead=[date(2026, 10, 26)],
        over=[date(2026, 11, 10)],
        rows=["nothing-published"],
    ),
    "general-license-of-2025": Past(
        live=licensed,
        kind=RULE,
        drawn=of_rule,
        moved=SINCE_2025,
        terms=[(date(2025, 9, 29), date(2025, 11, 28))],
        gaps=[],
        ahead=[date(2025, 11, 14)],
        over=[date(2025, 11, 29)],
        rows=["nothing-published"],
    ),
}


@pytest.mark.parametrize("name", PASTS)
async def test_what_was_published_comes_about_on_its_days(office: Office, name: str) -> None:
    past = PASTS[name]
    stream = await past.live(office)
    events = [past.kind.read(event.record) for event in await office.events(stream)]
    shown = past.drawn(events)
    through = [None if run.through is None else run.through - past.moved for run in shown.terms]
    assert list(zip([past.then(run.begin) for run in shown.terms], through, strict=True)) == past.terms
    assert [
        (past.then(begin), None if end == NEVER else past.then(end)) for begin, end in shown.gaps
    ] == past.gaps
    ahead = [past.then(each.at) for each in events if isinstance(each, DecisionFellDue | EndNeared)]
    assert ahead == past.ahead
    over = [past.then(each.at) for each in events if isinstance(each, TermExpired | ActEnded)]
    assert over == past.over
    made = [each for each in events if isinstance(each, DecisionMade | EndDecided)]
    assert [each.evaluation.row for each in made] == past.rows
    if past.kind is REPRIEVE:
        await as_in_2019(office, events)


async def as_in_2019(office: Office, events: Sequence[Event]) -> None:
    """Each term begins in its first minute, decisions can be repeated, and what was known is known."""
    issued = [event.term for event in events if isinstance(event, TermIssued)]
    for term in issued:
        assert (
            timedelta(0) <= term.effective - start_of_day(agency_date(term.effective)) < timedelta(minutes=1)
        )
    assert reevaluated(events) == 6
    (ending,) = [event for event in events if isinstance(event, ReprieveEnded)]
    assert then(ending.at) == date(2020, 8, 17)
    terms = await office.reader.terms()
    for day, known, yes in (
        (date(2019, 12, 1), None, True),
        (date(2020, 2, 17), None, True),
        (date(2020, 2, 17), date(2020, 2, 17), False),
        (date(2020, 2, 17), date(2020, 2, 18), True),
        (date(2020, 8, 14), None, False),
    ):
        noon = timedelta(hours=12)
        known_at = start(known) + noon if known else None
        asked = covered(terms, "huawei-technologies", "devices", start(day) + noon, known_at=known_at)
        assert asked.covered is yes
