"""What may be shipped where the law itself is open: both readings, and what would settle it."""

from datetime import UTC, date, datetime

import pytest

from greenlight.law.authorisation.answer import Authorisation, Verdict
from greenlight.law.determination.named import NamedOwner
from greenlight.law.determination.question import Circumstances, Met
from tests.law.authorisation.cases import ask, listings_of, to, wanted
from tests.law.determination.cases import NO

BEYOND = datetime(2026, 12, 1, 12, tzinfo=UTC)
"""The suspension of the Affiliates Rule is over, and whether it was extended nobody has attested."""
NOTICE = "a notice that extends 90 FR 50857 past 9 Nov 2026, or the attestation that there is none"


def asked(at: datetime = BEYOND, circumstances: Circumstances = NO) -> Authorisation:
    (party,) = to("Blue Harbor")
    owned = party.model_copy(update={"owners": (NamedOwner(name="Huawei", share=50_00),)})
    return ask(wanted("5A991"), parties=(owned,), at=at, circumstances=circumstances)


def test_a_rule_of_which_nobody_knows_gives_both_readings_and_what_settles_it() -> None:
    answer = asked()
    assert answer.verdict is Verdict.NOT_AUTHORISED
    required, clear = answer.readings
    assert required.verdict is Verdict.NOT_AUTHORISED
    assert "of the Affiliates Rule, it is in force again" in required.text
    assert clear.verdict is Verdict.NOT_REQUIRED
    assert "it is still suspended, if the suspension was extended" in clear.text
    assert answer.settled_by == NOTICE
    assert answer.apply_for is not None
    assert answer.apply_for.endswith(f"; {NOTICE} settles it")


def test_what_is_asked_of_who_asks_is_no_reading_of_the_law() -> None:
    answer = asked(circumstances=Circumstances())
    assert answer.verdict is Verdict.NOT_AUTHORISED
    assert (answer.readings, answer.settled_by) == ((), None)
    assert answer.apply_for is not None
    assert f"; {NOTICE} settles one" in answer.apply_for


def test_an_entry_that_may_not_have_been_listed_by_then_gives_both_readings() -> None:
    found = listings_of("huawei", "CN", BEYOND).listings
    assert found
    unsure = Met((found[0].model_copy(update={"seen": date(2027, 1, 1), "doubt": "of another year"}),))

    def lists(name: str, country: str | None, at: datetime) -> Met:
        return unsure

    answer = ask(wanted("5A991"), parties=to("Huawei"), lists=lists)
    assert [reading.verdict for reading in answer.readings] == [
        Verdict.NOT_AUTHORISED,
        Verdict.NOT_REQUIRED,
    ]
    assert "huawei-technologies (Entity List) was not listed by then" in answer.readings[1].text
    assert answer.settled_by == "the Entity List of that day"


@pytest.mark.parametrize("day", [datetime(2025, 10, 15, 12, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)])
def test_where_the_law_is_known_there_is_one_answer(day: datetime) -> None:
    """In 2025 what is not known is whom a general license covers, and that is not the law."""
    answer = asked(day)
    assert not [reading for reading in answer.readings if reading.verdict is Verdict.NOT_REQUIRED]
