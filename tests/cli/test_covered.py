"""What was covered in 2019-2020, asked at the command line. No service runs."""

from datetime import date

import pytest
from pydantic import JsonValue

from greenlight.cli.reprieves.reference import told_of
from greenlight.kernel.time.calendar import start_of_day
from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done

REFERENCE = ("--reference", "huawei")
HUAWEI = ("covered", *REFERENCE, "--entity", "huawei-technologies")


async def asked(terminal: Terminal, *words: str) -> dict[str, JsonValue]:
    said = await done(terminal, *HUAWEI, *words, "--json")
    assert isinstance(said.json, dict)
    return said.json


@pytest.mark.parametrize(
    ("words", "covered", "term"),
    [
        (("--activity", "devices", "--date", "2019-05-19"), False, None),
        (("--activity", "standards", "--date", "2019-08-18"), True, 1),
        (("--activity", "standards", "--date", "2019-08-20"), False, 2),
        (("--activity", "devices", "--date", "2020-02-17"), True, 4),
        (("--activity", "devices", "--date", "2020-02-17", "--known-at", "2020-02-17"), False, 3),
        (("--activity", "devices", "--date", "2020-02-17", "--known-at", "2020-02-18"), True, 4),
        (("--activity", "devices", "--date", "2020-02-17", "--destination", "IR"), False, 4),
        (("--activity", "devices", "--date", "2020-08-13T23:59:59-04:00"), True, 6),
        (("--activity", "devices", "--date", "2020-08-14"), False, None),
    ],
)
async def test_days_that_were_covered_and_days_that_were_not(
    terminal: Terminal, words: tuple[str, ...], covered: bool, term: int | None
) -> None:
    answer = await asked(terminal, *words)
    named = answer["term"]
    assert (answer["covered"], named["number"] if isinstance(named, dict) else None) == (covered, term)


async def test_a_day_beyond_the_last_term_was_open_and_what_followed_settled_it(terminal: Terminal) -> None:
    words = ("--activity", "devices", "--date", "2020-08-14")
    then = await asked(terminal, *words, "--known-at", "2020-08-10")
    assert (then["covered"], then["open"]) == (False, True)
    assert then["settled_by"] == "what is decided to follow term 6 of reprieve huawei"
    readings = then["readings"]
    assert isinstance(readings, list)
    assert [each["covered"] for each in readings if isinstance(each, dict)] == [False, True]
    now = await asked(terminal, *words)
    assert (now["covered"], now["open"], now["readings"], now["settled_by"]) == (False, False, [], None)
    said = await done(terminal, *HUAWEI, *words, "--known-at", "2020-08-10")
    for told in ("Open. It is not decided yet", "runs through 13 Aug 2020", "(c)(2)", "Settled by"):
        assert told in " ".join(said.out.split()), said.out


async def test_the_answer_says_by_what_and_what_it_asks_for(terminal: Terminal) -> None:
    words = ("--activity", "devices", "--date", "2020-03-12")
    answer = await asked(terminal, *words)
    assert (answer["citation"], answer["certifier"]) == ("85 FR 14416", "recipient")
    assert answer["also"] == [{"reprieve": "huawei", "term": 4}]
    said = await done(
        terminal, "covered", *REFERENCE, "--entity", "Centre for Integrated Photonics Ltd.", *words
    )
    for told in (
        "Covered",
        "85 FR 14416",
        "the recipient",
        "(c)(2)",
        "May need a license",
        "page is unverified",
    ):
        assert told in said.out


async def test_for_a_day_before_it_was_listed_no_license_is_needed_under_the_list(terminal: Terminal) -> None:
    words = ("--activity", "devices", "--date", "1999-01-01")
    answer = await asked(terminal, *words)
    listing = answer["listing"]
    assert isinstance(listing, dict)
    assert (answer["covered"], listing["listed"], listing["list"]) == (False, False, "entity-list-huawei")
    assert "744.11" not in str(answer["still_required"])
    said = await done(terminal, *HUAWEI, *words)
    for told in (
        "No license under the Entity List is needed",
        "is not listed until 2019-05-16",
        "entity-list-huawei of 2026-07-31",
    ):
        assert told in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--entity", "huawei-technologes", "--activity", "devices"), "near it: huawei-technologies"),
        (("--entity", "Huawei Technologies", "--activity", "devices"), "several are called that"),
        (("--entity", "huawei-technologies", "--activity", "phones"), "vulnerability-disclosure"),
        (("--entity", "huawei-technologies", "--activity", "devices", "--reference", "zte"), "one of huawei"),
        (("--entity", "huawei-technologies", "--activity", "devices", "--destination", "UK"), "write GB"),
    ],
)
async def test_what_is_not_known_is_usage(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    said = await terminal.starter("covered", *REFERENCE, *words, "--date", "2020-02-17")
    assert (said.code, told in said.err) == (2, True)


@pytest.mark.parametrize(
    ("entities", "day", "named"),
    [
        ({"huawei-technologies", "somebody"}, date(2020, 2, 17), True),
        ({"huawei-technologies"}, date(2020, 8, 16), True),
        ({"huawei-technologies"}, date(2019, 5, 19), False),
        ({"huawei-technologies"}, date(2026, 1, 1), False),
        ({"somebody"}, date(2020, 2, 17), False),
        (set[str](), date(2020, 2, 17), False),
    ],
)
def test_a_recorded_reprieve_of_that_time_is_named(entities: set[str], day: date, named: bool) -> None:
    assert ("covered --reference huawei" in told_of(entities, start_of_day(day))) is named
