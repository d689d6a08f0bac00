"""The reprieve of 2019-2020, lived through again: the policy and the facts of the time give its six terms.

Nobody but the clock decides: the executive opens it, lists more entities, and removes it in the end.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    AddEntities,
    EndReprieve,
    OpenReprieve,
    RecordFacts,
    RecordPublication,
    SubmitEvidence,
    TakeEffect,
    TermOrder,
)
from greenlight.law.reprieve.coverage import Coverage, Terms, covered
from greenlight.law.reprieve.events import (
    DecisionFellDue,
    DecisionMade,
    ReprieveEnded,
    TermExpired,
    TermIssued,
)
from greenlight.law.reprieve.policy import Origin
from greenlight.law.reprieve.state import Stage
from greenlight.law.terms.deciding import KnownFact
from greenlight.reference.listings import load_listings
from greenlight.reference.policies import load_policy
from greenlight.reference.reprieves import entities, load_reprieve
from tests.law.reprieve.cases import Reprieved
from tests.law.reprieve.decisions import reevaluated

POLICY = load_policy()
HISTORY = load_reprieve()
BOOK = load_listings()
HUAWEI = "huawei-technologies"


def start(day: date) -> datetime:
    return end_of_day(day - timedelta(days=1))


Step = Callable[[Reprieved], Reprieved]


def _acts() -> list[tuple[datetime, Step]]:
    """What people did, each at the start of its day."""
    first, second = HISTORY.terms[:2]
    opening = OpenReprieve(
        title=HISTORY.title,
        policy=POLICY,
        term=TermOrder(
            valid_through=first.valid_through,
            scope=HISTORY.scopes[first.scope],
            entities=entities(first, BOOK),
            reason=first.reason,
        ),
    )
    added = AddEntities(
        entities=entities(second, BOOK) - entities(first, BOOK),
        effective=start(second.effective),
        running_terms=False,
        reasons="Listed",
        citation=second.listed_by[-1],
        published=start(second.published),
    )
    end = HISTORY.end
    assert end is not None
    ending = EndReprieve(reasons=end.reason, citation=end.citation, published=start(end.published))
    acts: list[tuple[datetime, Step]] = [
        (start(first.effective), lambda it: it.after(opening)),
        (start(second.effective), lambda it: it.after(added)),
        (start(end.effective), lambda it: it.after(ending)),
    ]
    for term in HISTORY.terms:
        publication = RecordPublication(
            term=term.number, citation=term.citation, published=start(term.published)
        )
        acts.append((start(term.published), lambda it, body=publication: it.after(body)))
    for fact in HISTORY.facts:
        if POLICY.origins[fact.name] is Origin.EVIDENCE:
            body = SubmitEvidence(
                fact=KnownFact(name=fact.name, value=fact.value, source=fact.source), statement=fact.source
            )
            acts.append((start(fact.known), lambda it, body=body: it.after(body)))
    return sorted(acts, key=lambda act: act[0])


def _served(it: Reprieved) -> Reprieved:
    """What the service owes: the facts as they were known that day, and an outcome its effect."""
    while it.state is not None and it.stage in {Stage.GATHERING, Stage.TAKING_EFFECT}:
        if it.stage is Stage.TAKING_EFFECT:
            it = it.after(TakeEffect())
            continue
        known = HISTORY.known(agency_date(it.now)).values()
        facts = (
            KnownFact(name=fact.name, value=fact.value, source=fact.source)
            for fact in known
            if POLICY.origins[fact.name] is Origin.GATHERED
        )
        it = it.after(RecordFacts(facts=tuple(facts)))
    return it


@pytest.fixture(scope="module")
def lived() -> Reprieved:
    it, acts = Reprieved(), _acts()
    until = start(date(2020, 9, 1))
    while True:
        deadline = REPRIEVE.next_deadline(it.state)
        coming = [due for due in (deadline.due if deadline else None, acts[0][0] if acts else None) if due]
        if not coming or min(coming) > until:
            return it
        it = it.at(min(coming))
        while acts and acts[0][0] <= it.now:
            it = acts.pop(0)[1](it)
        it = _served(it)


def _asked(
    lived: Reprieved, day: date, activity: str = "devices", known: date | None = None, hour: int = 12
) -> Coverage:
    at = start(day) + timedelta(hours=hour)
    known_at = None if known is None else start(known) + timedelta(hours=hour)
    return covered(Terms.of([lived.events]), HUAWEI, activity, at, known_at=known_at)


def test_the_six_terms_come_out_with_their_dates(lived: Reprieved) -> None:
    issued = [event.term for event in lived.of(TermIssued)]
    assert [(agency_date(term.effective), term.valid_through) for term in issued] == [
        (date(2019, 5, 20), date(2019, 8, 19)),
        (date(2019, 8, 19), date(2019, 11, 18)),
        (date(2019, 11, 18), date(2020, 2, 16)),
        (date(2020, 2, 13), date(2020, 4, 1)),
        (date(2020, 3, 10), date(2020, 5, 15)),
        (date(2020, 5, 15), date(2020, 8, 13)),
    ]
    assert all(term.effective == start(agency_date(term.effective)) for term in issued)


def test_they_come_out_as_the_file_has_them(lived: Reprieved) -> None:
    versions = sorted(Terms.of([lived.events]).versions, key=lambda version: version.term.number)
    latest = [version.term for version in versions if version.latest]
    for term, record in zip(latest, HISTORY.terms, strict=True):
        assert (term.number, term.effective, term.valid_through) == (
            record.number,
            start(record.effective),
            record.valid_through,
        )
        assert (term.citation, term.published) == (record.citation, start(record.published))
        assert term.scope == HISTORY.scopes[record.scope]
        assert term.entities == entities(record, BOOK)


def test_days_are_those_that_were_counted(lived: Reprieved) -> None:
    spans = [(agency_date(start), through) for start, through in lived.spans]
    assert [(through - begin).days for begin, through in spans] == [91, 91, 90, 48, 66, 90]
    lasts = [through for _, through in spans]
    assert [(b - a).days for a, b in pairwise(lasts)] == [91, 90, 45, 44, 90]


def test_each_decision_was_made_when_due_by_the_row_for_its_reason(lived: Reprieved) -> None:
    made = lived.of(DecisionMade)
    assert [(agency_date(event.due), event.evaluation.row, event.evaluation.outcome) for event in made] == [
        (date(2019, 7, 20), "consumers", "extend"),
        (date(2019, 10, 19), "rural-first", "extend"),
        (date(2020, 1, 17), "rural-again", "extend"),
        (date(2020, 3, 2), "comments-to-be-sought", "extend_to"),
        (date(2020, 4, 15), "comments-open", "extend"),
        (date(2020, 7, 14), "rules-tightened", "lapse"),
    ]
    assert [event.at for event in made] == [event.due for event in made]
    assert [event.at for event in lived.of(DecisionFellDue)] == [event.due for event in made]
    assert reevaluated(lived.events) == 6


def test_it_lapsed_and_was_removed_four_days_later(lived: Reprieved) -> None:
    assert lived.of(TermExpired)[-1].at == start(date(2020, 8, 14))
    (ended,) = lived.of(ReprieveEnded)
    assert (ended.at, ended.citation) == (start(date(2020, 8, 17)), "85 FR 51596")
    assert lived.stage is Stage.ENDED


def test_every_day_but_the_gap_was_covered(lived: Reprieved) -> None:
    first, end = date(2019, 5, 16), date(2020, 8, 17)
    days = [first + timedelta(days=n) for n in range((end - first).days)]
    uncovered = [day for day in days if not _asked(lived, day).covered]
    assert uncovered == [
        *(date(2019, 5, day) for day in (16, 17, 18, 19)),
        *(date(2020, 8, day) for day in (14, 15, 16)),
    ]


def test_what_was_covered_changed_with_the_second_term(lived: Reprieved) -> None:
    for day, standards, certifier in (
        (date(2019, 8, 18), True, "exporter"),
        (date(2019, 8, 20), False, "recipient"),
    ):
        assert _asked(lived, day, "standards").covered is standards
        assert _asked(lived, day).certifier == certifier


def test_on_a_day_between_expiry_and_publication_nobody_could_know(lived: Reprieved) -> None:
    """The term of 13 February 2020 was printed on the 18th; the one before it ended on the 16th."""
    day = date(2020, 2, 17)
    now, then = _asked(lived, day), _asked(lived, day, known=day)
    assert (now.covered, now.citation) == (True, "85 FR 8722")
    assert (then.covered, then.open) == (False, True)
    assert _asked(lived, day, known=date(2020, 2, 18)).covered


def test_terms_overlapped_in_february_and_march(lived: Reprieved) -> None:
    for day, numbers in ((date(2020, 2, 14), (4, 3)), (date(2020, 3, 12), (5, 4))):
        answer = _asked(lived, day)
        assert answer.term is not None
        assert (answer.term.number, *(number for _, number in answer.also)) == numbers


def test_the_policys_scope_is_that_of_the_second_term() -> None:
    assert POLICY.scopes["august-2019"] == HISTORY.scopes["august-2019"]
    assert POLICY.lead_days == 30
