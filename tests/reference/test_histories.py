"""The recorded reprieve as events is the one in the file."""

from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.reprieve.state import ReprieveState, Stage
from greenlight.reference.histories import recorded
from greenlight.reference.listings import load_listings
from greenlight.reference.policies import load_policy
from greenlight.reference.reprieves import entities, load_reprieve


def test_each_term_is_known_from_its_publication_on_and_they_fold_to_the_end() -> None:
    history, book = load_reprieve(), load_listings()
    events = recorded(history, load_policy(), book)
    versions = Terms.of([events]).versions
    latest = sorted((each for each in versions if each.latest), key=lambda each: each.term.number)
    assert [
        (each.term.citation, each.term.effective, each.term.valid_through, each.entities) for each in latest
    ] == [
        (term.citation, start_of_day(term.effective), term.valid_through, entities(term, book))
        for term in history.terms
    ]
    known = {
        number: min(each.known_from for each in versions if each.term.number == number) for number in (1, 4)
    }
    assert known == {number: start_of_day(history.terms[number - 1].published) for number in (1, 4)}
    state: ReprieveState | None = None
    for event in events:
        state = REPRIEVE.apply(state, REPRIEVE.read(event.record()))
    assert state is not None
    assert (state.stage, state.issued) == (Stage.ENDED, 6)
