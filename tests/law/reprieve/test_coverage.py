"""What a reprieve covers, against a plain walk through its recorded events."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.law.reprieve.commands import (
    AddEntities,
    CorrectTerm,
    IssueTerm,
    RemoveEntities,
    TakeEffect,
    TerminateTerm,
)
from greenlight.law.reprieve.coverage import (
    ENTITY_LIST,
    OTHER_LICENSES,
    Terms,
    covered,
    covered_all_day,
)
from greenlight.law.reprieve.events import (
    EntitiesChanged,
    ReprieveEnded,
    ReprieveOpened,
    TermCorrected,
    TermIssued,
    TermPublished,
    TermTerminated,
)
from greenlight.law.reprieve.terms import Certifier, Correction, EntityChange, Scope, Term
from tests.law.actors import EXECUTIVE
from tests.law.properties import QUICK
from tests.law.reprieve.cases import (
    BEGIN,
    BROAD,
    DEVICES,
    END,
    EXPIRY,
    KEY,
    NARROW,
    NETWORKS,
    OPEN,
    POLICY,
    PUBLISHED,
    asked,
    gathering,
    order,
    published,
    running,
    taking_effect,
)

INSTANT = timedelta(microseconds=1)


def test_a_covered_transaction_is_told_with_everything_that_it_takes() -> None:
    answer = asked(published(), BEGIN, destination="FR")
    assert answer.covered
    assert (answer.reprieve, answer.term.number if answer.term else 0) == (KEY, 1)
    assert answer.activity == NETWORKS
    assert (answer.citation, answer.certifier) == ("1 FR 1", Certifier.EXPORTER)
    assert answer.certification == "The transaction is within the scope."
    assert answer.still_required == OTHER_LICENSES
    assert asked(published(), BEGIN, activity="devices").certifier is Certifier.RECIPIENT


def test_a_term_covers_from_its_first_instant_to_the_midnight_after_its_last_day() -> None:
    reprieve = published()
    found = [asked(reprieve, at).covered for at in (BEGIN - INSTANT, BEGIN, EXPIRY - INSTANT, EXPIRY)]
    assert found == [False, True, True, False]


def test_a_day_is_covered_if_all_of_it_is() -> None:
    terms, day = Terms.of([published().events]), timedelta(days=1)
    found = [covered_all_day(terms, "one", "networks", BEGIN.date() + n * day) for n in (-1, 0, 1, 90, 91)]
    assert [answer.covered for answer in found] == [False, False, True, True, False]
    assert [answer.reason.startswith("For a part of the day") for answer in found] == [
        *(False, True, False, False, False)
    ]
    since = BEGIN.astimezone(AGENCY_ZONE).strftime("%Y-%m-%d %H:%M:%S %Z")
    assert found[1].reason.endswith(f"; covered from {since}")


@pytest.mark.parametrize(
    ("entity", "activity", "destination", "reason"),
    [
        ("three", "networks", None, "does not cover the entity"),
        ("one", "standards", None, "does not authorise the activity"),
        ("one", "networks", "IR", "destination is excluded"),
    ],
)
def test_what_is_not_covered_says_why(
    entity: str, activity: str, destination: str | None, reason: str
) -> None:
    answer = asked(published(), BEGIN, entity, activity, destination)
    assert not answer.covered
    assert reason in answer.reason
    assert answer.still_required[0] == ENTITY_LIST
    assert answer.activity is None


def test_a_term_published_later_did_not_cover_what_was_asked_before() -> None:
    reprieve = published()
    before = asked(reprieve, BEGIN, known_at=PUBLISHED - INSTANT)
    assert not before.covered
    assert "not published by then" in before.reason
    assert asked(reprieve, BEGIN, known_at=PUBLISHED).covered
    assert asked(reprieve, BEGIN).covered


def test_a_term_that_is_not_published_counts_now_and_was_never_known() -> None:
    reprieve = running()
    assert asked(reprieve, BEGIN).covered
    assert asked(reprieve, BEGIN).citation is None
    assert not asked(reprieve, BEGIN, known_at=EXPIRY).covered


def test_a_correction_counts_from_its_publication_on() -> None:
    reprieve = published().after(
        CorrectTerm(
            term=1,
            correction=Correction(scope=NARROW, citation="1 FR 9"),
            reasons="A misprint.",
            citation="1 FR 9",
            published=PUBLISHED + timedelta(days=30),
        )
    )
    assert not asked(reprieve, BEGIN).covered
    known = [PUBLISHED + timedelta(days=days) for days in (0, 29, 30)]
    assert [asked(reprieve, BEGIN, known_at=at).covered for at in known] == [True, True, False]
    assert asked(reprieve, BEGIN, known_at=known[0]).citation == "1 FR 1"


def test_early_termination_ends_what_is_covered_at_its_instant() -> None:
    ends = BEGIN + timedelta(days=40)
    printed = published().now
    reprieve = published().after(TerminateTerm(term=1, ends=ends, reasons="Diversion.", published=printed))
    assert [asked(reprieve, at).covered for at in (ends - INSTANT, ends)] == [True, False]
    ended = published().after(END)
    assert [asked(ended, at).covered for at in (ended.now - INSTANT, ended.now)] == [True, False]
    assert asked(ended, ended.now, known_at=ended.now).covered, "the end is not published"


def test_an_entity_added_joins_running_terms_only_where_that_was_said() -> None:
    since = BEGIN + timedelta(days=20)
    for joins in (False, True):
        add = AddEntities(
            entities=frozenset({"three"}), effective=since, running_terms=joins, reasons="Listed."
        )
        reprieve = gathering().after(add)
        assert not asked(reprieve, since - INSTANT, "three").covered
        assert asked(reprieve, since, "three").covered is joins


def test_an_entity_removed_is_covered_by_no_term_from_then_on() -> None:
    gone = BEGIN + timedelta(days=20)
    remove = RemoveEntities(entities=frozenset({"one"}), effective=gone, reasons="Delisted.")
    reprieve = running().after(IssueTerm(term=order()), remove)
    assert [asked(reprieve, at).covered for at in (gone - INSTANT, gone)] == [True, False]
    assert asked(reprieve, gone, "two").also == ((KEY, 1),)


def test_of_two_terms_the_one_that_began_last_is_told_and_the_other_too() -> None:
    reprieve = taking_effect().after(TakeEffect())
    answer = asked(reprieve, EXPIRY - INSTANT)
    assert answer.term is not None
    assert (answer.term.number, answer.also) == (2, ((KEY, 1),))
    alone = asked(reprieve, EXPIRY)
    assert (alone.covered, alone.also) == (True, ())


def test_of_terms_that_do_not_cover_the_nearest_is_told() -> None:
    """The one that began last lacks the entity, and the one before it only the destination."""
    other = order(entities=("three",), effective=BEGIN + timedelta(days=1))
    reprieve, at = published().after(IssueTerm(term=other)), BEGIN + timedelta(days=5)
    answer = asked(reprieve, at, destination="IR")
    assert (answer.reason, answer.term.number if answer.term else 0) == ("The destination is excluded", 1)
    answer = asked(reprieve, at, entity="four")
    assert (answer.covered, answer.term.number if answer.term else 0) == (False, 2)


def test_many_terms_are_told_in_their_order() -> None:
    """The last that began comes first, as many as there are."""
    reprieve = published()
    for days in range(1, 80):
        reprieve = reprieve.after(IssueTerm(term=order(effective=BEGIN + timedelta(days=days))))
    answer = asked(reprieve, BEGIN + timedelta(days=79))
    assert answer.term is not None
    assert [answer.term.number, *(number for _, number in answer.also)] == list(range(80, 0, -1))


def test_no_term_no_cover() -> None:
    said = "No term runs at that instant: no reprieve on record has one for one then"
    assert covered(Terms.of([]), "one", "networks", BEGIN).reason == said


DAYS = st.integers(0, 30)
ENTITIES = st.frozensets(st.sampled_from(["a", "b", "c"]), min_size=1)
SCOPES = st.sampled_from([BROAD, NARROW, Scope(activities=(NETWORKS,))])
PUBLICATION = st.none() | DAYS.map(lambda day: _day(day))


def _day(number: float) -> datetime:
    return datetime(2026, 1, 1, 17, tzinfo=UTC) + timedelta(days=number)


@st.composite
def _statements(draw: st.DrawFn, count: int) -> Event:
    """Something said of one of ``count`` terms, or of all."""
    at, number, known = _day(0), draw(st.integers(1, count)), draw(PUBLICATION)
    match draw(st.integers(0, 4)):
        case 0:
            correction = Correction(scope=draw(SCOPES), entities=draw(st.none() | ENTITIES))
            return TermCorrected(
                at=at,
                by=EXECUTIVE,
                term=number,
                correction=correction,
                reasons="x",
                citation=None,
                published=known,
            )
        case 1:
            return TermTerminated(
                at=at,
                by=EXECUTIVE,
                term=number,
                ends=_day(draw(DAYS)),
                reasons="x",
                citation=None,
                published=known,
            )
        case 2:
            published = _day(draw(DAYS))
            return TermPublished(at=at, by=EXECUTIVE, term=number, citation="x", published=published)
        case 3:
            return ReprieveEnded(
                at=_day(draw(DAYS)), by=EXECUTIVE, reasons="x", citation=None, published=known
            )
        case _:
            change = EntityChange(
                entities=draw(ENTITIES),
                effective=_day(draw(DAYS)),
                added=draw(st.booleans()),
                terms=(number,),
            )
            return EntitiesChanged(
                at=at, by=EXECUTIVE, change=change, reasons="x", citation=None, published=known
            )


@st.composite
def streams(draw: st.DrawFn) -> tuple[Event, ...]:
    """Events as they may be recorded, whether or not the law would have let them."""
    events: list[Event] = [ReprieveOpened(at=_day(0), by=EXECUTIVE, key=KEY, title="x", policy=POLICY)]
    count = draw(st.integers(1, 3))
    for number in range(1, count + 1):
        begin = draw(DAYS)
        term = Term(
            number=number,
            effective=_day(begin),
            valid_through=date(2026, 1, 1) + timedelta(days=begin + draw(st.integers(0, 12))),
            citation=None,
            published=draw(PUBLICATION),
            scope=draw(SCOPES),
            entities=draw(ENTITIES),
            reason="x",
        )
        events.append(TermIssued(at=_day(0), by=None, term=term))
    for statement in draw(st.lists(_statements(count), max_size=4)):
        # A change of entities may be on record before a term is; everything else speaks of one that is.
        free = isinstance(statement, EntitiesChanged) and not statement.change.added
        place = draw(st.integers(1, len(events))) if free else len(events)
        events.insert(place, statement)
    return tuple(events)


def naively_covered(
    events: Iterable[Event], entity: str, activity: str, at: datetime, known_at: datetime | None
) -> set[int]:
    """The numbers of the terms that cover, found by reading the events over for each of them."""
    events = list(events)

    def counts(instant: datetime | None) -> bool:
        return known_at is None or (instant is not None and instant <= known_at)

    found: set[int] = set()
    for issued in (event for event in events if isinstance(event, TermIssued)):
        term, published, ends = issued.term, issued.term.published, issued.term.end
        changes: list[EntityChange] = []
        for place, event in enumerate(events):
            match event:
                case TermPublished() if event.term == term.number:
                    published = event.published
                case TermCorrected() if event.term == term.number and counts(event.published):
                    term = event.correction.applied(term)
                case TermTerminated() if event.term == term.number and counts(event.published):
                    ends = min(ends, event.ends)
                case ReprieveEnded() if counts(event.published):
                    ends = min(ends, event.at)
                case EntitiesChanged(change=change) if counts(event.published):
                    to_come = place < events.index(issued) and change.effective > issued.term.effective
                    stands = place > events.index(issued)
                    if to_come or (stands and (not change.added or term.number in change.terms)):
                        changes.append(change)
                case _:
                    pass
        member = entity in term.entities
        for change in sorted(changes, key=lambda change: change.effective):
            if change.effective <= at and entity in change.entities:
                member = change.added
        keys = {authorised.key for authorised in term.scope.activities}
        if counts(published) and term.effective <= at < ends and member and activity in keys:
            found.add(term.number)
    return found


@QUICK
@given(
    events=streams(),
    entity=st.sampled_from(["a", "b", "c"]),
    activity=st.sampled_from([NETWORKS.key, DEVICES.key]),
    day=st.floats(0, 45).map(lambda day: round(day * 24) / 24),
    known=st.none() | st.integers(0, 45),
)
def test_an_answer_is_a_function_of_the_recorded_terms_alone(
    events: tuple[Event, ...], entity: str, activity: str, day: float, known: int | None
) -> None:
    at, known_at = _day(day), None if known is None else _day(known)
    answer = covered(Terms.of([events]), entity, activity, at, known_at=known_at)
    expected = naively_covered(events, entity, activity, at, known_at)
    told = {number for _, number in answer.also}
    if answer.covered and answer.term:
        told.add(answer.term.number)
    assert told == expected
    assert answer.covered == bool(expected), "no instant is covered that no term covers"


def test_nothing_but_terms_counts() -> None:
    """What is decided and not in effect covers nobody, whatever the stage."""
    from_terms = [event for event in taking_effect().events if isinstance(event, ReprieveOpened | TermIssued)]
    whole, bare = Terms.of([taking_effect().events]), Terms.of([from_terms])
    assert whole.versions == bare.versions
    assert OPEN.term.valid_through == whole.versions[0].term.valid_through
