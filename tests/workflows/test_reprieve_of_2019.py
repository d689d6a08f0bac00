"""The reprieve of 2019-2020 on the real server: six terms and the end at their real lengths, time skipped.

It is opened now and not in May 2019, so everything is moved by whole days, and must come as many days after
its opening as it did. What the service cannot gather, such as the directive, is submitted as evidence on
the day on which it was known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from greenlight.kernel.body import Body
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.application.dossier import Party, PartyRole
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    AddEntities,
    EndReprieve,
    KnownFact,
    OpenReprieve,
    RecordPublication,
    SubmitEvidence,
    TermOrder,
)
from greenlight.law.reprieve.coverage import covered
from greenlight.law.reprieve.events import DecisionMade, ReprieveEnded, TermExpired, TermIssued
from greenlight.law.reprieve.policy import Origin, Policy
from greenlight.reference.listings import load_listings
from greenlight.reference.policies import load_policy
from greenlight.reference.reprieves import entities, load_reprieve
from tests.law.application.cases import PURCHASER, new_submission
from tests.law.reprieve.decisions import reevaluated
from tests.workflows.office import Office
from tests.workflows.reprieves import today

HISTORY = load_reprieve()
BOOK = load_listings()
FROM_THE_LOG = frozenset({"applications_received", "applications_pending"})
MOVED = today() - HISTORY.terms[0].effective
AN_HOUR = timedelta(hours=1)
HUAWEI = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Huawei Technologies Co., Ltd.", country="CN")


def start(day: date) -> datetime:
    """Of a day of that time, as it is moved."""
    return end_of_day(day + MOVED - timedelta(days=1))


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


async def test_the_six_terms_and_the_end_come_as_they_were_published(office: Office) -> None:
    stream = await lived(office)
    events = [REPRIEVE.read(event.record) for event in await office.events(stream)]
    issued = [event.term for event in events if isinstance(event, TermIssued)]
    assert [(then(term.effective), term.valid_through - MOVED) for term in issued] == [
        (term.effective, term.valid_through) for term in HISTORY.terms
    ]
    for term in issued:
        assert (
            timedelta(0)
            <= term.effective - end_of_day(agency_date(term.effective) - timedelta(days=1))
            < timedelta(minutes=1)
        )
    made = [event for event in events if isinstance(event, DecisionMade)]
    assert [(then(event.due), event.evaluation.row) for event in made] == [
        (date(2019, 7, 20), "consumers"),
        (date(2019, 10, 19), "rural-first"),
        (date(2020, 1, 17), "rural-again"),
        (date(2020, 3, 2), "comments-to-be-sought"),
        (date(2020, 4, 15), "comments-open"),
        (date(2020, 7, 14), "rules-tightened"),
    ]
    assert reevaluated(events) == 6
    *_, expired = [event for event in events if isinstance(event, TermExpired)]
    assert expired.at == start(date(2020, 8, 14))
    (ended,) = [event for event in events if isinstance(event, ReprieveEnded)]
    assert then(ended.at) == date(2020, 8, 17)
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
