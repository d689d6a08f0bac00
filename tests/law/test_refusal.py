"""What a refusal says."""

import re
import subprocess
import sys
from datetime import datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from greenlight.kernel.codes.entered import ENTERED, LAST_DAY, OUT_OF_REACH
from greenlight.kernel.model import Day, Instant, JsonObject, Model, Name
from greenlight.kernel.problems import first_problem, problems
from greenlight.kernel.refusal import (
    MAX_MESSAGE_CHARACTERS,
    Code,
    Refusal,
    RefusalCode,
    known_code,
    known_codes,
)
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.application.commands import Submit
from greenlight.law.reprieve.questions import CoverageQuestion
from greenlight.law.rule.acts import Act
from tests.law.application.cases import submission


@pytest.mark.parametrize("code", known_codes())
def test_a_code_is_a_word_with_a_meaning(code: Code) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
    assert code.value == code
    assert code.name == code.upper()
    assert re.fullmatch(r"[A-Z].{20,}\.", code.meaning)
    assert known_code(code.value) is code


def test_no_two_codes_mean_the_same() -> None:
    codes = known_codes()
    assert len({code.meaning for code in codes}) == len({code.value for code in codes}) == len(codes)


@pytest.mark.parametrize("package", ["greenlight.client", "greenlight.nexus", "greenlight.law.registry"])
def test_whoever_hears_a_refusal_knows_every_code(package: str) -> None:
    """A code whose module nobody imported would pass for one of a newer release."""
    ask = f"import {package}, greenlight.kernel.refusal as r; print(*(c.value for c in r.known_codes()))"
    known = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert known.split() == [
        code.value for code in known_codes() if code.__module__.startswith("greenlight.")
    ]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "application: Field required"),
        (
            {"application": {"applicant": 5}},
            "application.applicant: Input should be a valid string (and 3 more)",
        ),
        (
            {"application": {"applicant": "x", "parties": [], "items": [], "end_use": "x", "note": "secret"}},
            "application.parties: Tuple should have at least 1 item after validation, not 0 (and 2 more)",
        ),
    ],
    ids=["a field is missing", "a field is wrong", "several are wrong"],
)
def test_the_first_problem_is_named_by_its_field(body: JsonObject, problem: str) -> None:
    with pytest.raises(ValidationError) as error:
        Submit.model_validate(body)
    assert first_problem(error.value) == problem


def test_every_problem_is_named_by_its_field_as_far_as_there_is_room() -> None:
    filed = submission().model_dump(mode="json")
    item, party = filed["items"][0], filed["parties"][0]
    faulty = {
        **filed,
        "applicant": " \u200b ",
        "parties": [{**party, "country": "UK"}, *filed["parties"][1:]],
        "items": [{**item, "unit": "box", "value": {"minor_units": 0, "currency": "usd"}}],
    }
    with pytest.raises(ValidationError) as error:
        Submit.model_validate({"application": faulty}, context=ENTERED)
    assert problems(error.value) == (
        "application.applicant: says nothing: write something that can be seen, or leave it out;"
        " application.parties.0.country: is no country code of ISO 3166-1: write GB (United Kingdom);"
        " application.items.0.unit: is no unit of measure of AES: write NO (number) or PK (packs);"
        " application.items.0.value.minor_units: Input should be greater than 0 (and 1 more)"
    )
    many = {**faulty, "items": [{**item, "line": line, "quantity": 0} for line in range(1, 40)]}
    with pytest.raises(ValidationError) as error:
        Submit.model_validate({"application": many}, context=ENTERED)
    said = problems(error.value)
    assert len(said) <= MAX_MESSAGE_CHARACTERS
    assert said.endswith(" more)")


def test_what_is_on_record_is_read_whatever_it_says() -> None:
    """What is asked of what is entered is not asked of the past."""
    assert AddressedTo.model_validate({"name": " ", "day": "9999-12-31"}).name == " "
    for said in ({"name": " ", "day": "2026-01-01"}, {"name": "x", "day": "9999-12-31"}):
        with pytest.raises(ValidationError):
            AddressedTo.model_validate(said, context=ENTERED)
    assert AddressedTo.model_validate({"name": "x", "day": "2999-12-30"}, context=ENTERED).day.year == 2999


@pytest.mark.parametrize("day", ["1969-12-31", "2999-12-31", "3000-01-01"])
def test_a_day_is_entered_whose_end_is_an_instant_and_every_form_says_the_same_of_others(day: str) -> None:
    with pytest.raises(ValidationError) as entered:
        AddressedTo.model_validate({"name": "x", "day": day}, context=ENTERED)
    with pytest.raises(ValidationError) as instant:
        TypeAdapter[datetime](Instant).validate_python(
            f"{'1969-01' if day[0] == '1' else '3000-01'}-01T00:00Z"
        )
    with pytest.raises(ValidationError) as asked:
        CoverageQuestion.model_validate({"entity": "one", "activity": "devices", "day": day})
    for error in (entered, instant, asked):
        assert OUT_OF_REACH in str(error.value)
    assert AddressedTo.model_validate({"name": "x", "day": day}).day.isoformat() == day


def test_an_act_through_the_last_day_that_may_be_entered_is_read_and_waited_for() -> None:
    said = {
        "kind": "suspended",
        "citation": "90 FR 1",
        "effective": "2026-01-01T05:00:00Z",
        "text": "For long.",
    }
    act = Act.model_validate(
        {**said, "certainty": "primary", "valid_through": str(LAST_DAY)}, context=ENTERED
    )
    assert TypeAdapter[datetime](Instant).validate_python(act.end) == end_of_day(LAST_DAY)


class AddressedTo(Model):
    name: Name
    day: Day


def test_the_offending_value_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as error:
        Submit.model_validate({"application": {"applicant": "Secret Buyer\x00", "end_use": ["Secret use"]}})
    assert "ecret" not in first_problem(error.value)


@pytest.mark.parametrize("written", ["\x00", "\ud800", "\n", "\x1b", "\u2028", "\u202e"], ids=ascii)
def test_what_a_sender_wrote_is_quoted_as_one_printable_line(written: str) -> None:
    assert Refusal(RefusalCode.MALFORMED, f"a{written}b: no").message == "a\ufffdb: no"
    with pytest.raises(ValidationError) as error:
        Submit.model_validate({f"a{written}b": 1, "application": submission()})
    assert Refusal(RefusalCode.MALFORMED, first_problem(error.value)).message.isprintable()


def test_a_message_is_cut_off() -> None:
    assert len(Refusal(RefusalCode.MALFORMED, "x" * 70_000).message) == MAX_MESSAGE_CHARACTERS


def test_a_message_that_is_no_object_is_named_as_a_whole() -> None:
    with pytest.raises(ValidationError) as error:
        Submit.model_validate(7)
    assert first_problem(error.value).startswith("message: ")
