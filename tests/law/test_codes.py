"""Codes that others keep, where they are entered and where they are on record."""

import json
from typing import Any, cast

import pycountry
import pytest
from pydantic import JsonValue, TypeAdapter, ValidationError

from greenlight.kernel.codes.countries import ALSO_WRITTEN, COUNTRIES, KOSOVO
from greenlight.kernel.codes.currencies import CURRENCIES
from greenlight.kernel.codes.entered import ENTERED, unit_of
from greenlight.kernel.codes.units import ALSO_WRITTEN as UNITS_ALSO_WRITTEN
from greenlight.kernel.codes.units import UNITS
from greenlight.kernel.model import Country
from greenlight.kernel.problems import every_problem, first_problem
from greenlight.law.application.commands import Submit
from greenlight.law.application.dossier import Money, Unit
from tests.law.application.cases import submission

COUNTRY, UNIT, MONEY = TypeAdapter[str](Country), TypeAdapter[str](Unit), TypeAdapter(Money)


def test_the_countries_are_those_of_the_standard_and_kosovo() -> None:
    assert set(COUNTRIES) == {country.alpha_2 for country in pycountry.countries} | {KOSOVO}


def test_the_currencies_are_those_of_the_standard_that_are_money() -> None:
    # The library's types leave open what a currency is.
    standard = {str(cast(Any, currency).alpha_3) for currency in cast(list[object], pycountry.currencies)}
    assert standard - {"XXX", "XTS"} == CURRENCIES


def test_what_people_write_leads_to_codes_that_there_are_and_is_no_code_itself() -> None:
    assert set(ALSO_WRITTEN.values()) <= set(COUNTRIES)
    assert not set(ALSO_WRITTEN) & set(COUNTRIES)
    assert {code for codes in UNITS_ALSO_WRITTEN.values() for code in codes} <= set(UNITS)
    assert not set(UNITS_ALSO_WRITTEN) & {*UNITS, *UNITS.values()}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("UK", "write GB"),
        ("uk", "write GB"),
        ("China", "write CN"),
        ("PRC", "write CN"),
        ("cn", "write CN"),
        ("Russia", "write RU"),
        ("Türkiye", "write TR"),
        ("Korea", "write KP (North Korea) or KR (South Korea)"),
        ("Kosovo", "write XK"),
        ("Swizerland", "write CH"),
        ("EU", "the member state's code"),
        ("XX", "write one, such as GB or CN"),
        ("ZZ", "write one, such as GB or CN"),
        ("", "write one"),
        ("SU", "write RU"),
    ],
)
def test_a_country_that_there_is_not_is_told_what_to_write(written: str, told: str) -> None:
    with pytest.raises(ValidationError) as error:
        COUNTRY.validate_python(written, context=ENTERED)
    assert told in first_problem(error.value)


@pytest.mark.parametrize("code", ["GB", "CN", "XK", "TW", "PS", "AQ"])
def test_a_country_that_there_is_is_entered(code: str) -> None:
    assert COUNTRY.validate_python(code, context=ENTERED) == code


@pytest.mark.parametrize(
    ("currency", "told"),
    [("usd", "write USD"), ("US$", "such as USD"), ("XXX", "such as USD"), ("ABC", "such as USD")],
)
def test_a_currency_that_there_is_not_is_told_what_to_write(currency: str, told: str) -> None:
    with pytest.raises(ValidationError) as error:
        MONEY.validate_python({"minor_units": 1, "currency": currency}, context=ENTERED)
    assert told in first_problem(error.value)


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("kg", "write KG (kilograms)"),
        ("lbs", "write KG (kilograms)"),
        ("piece", "write PCS (pieces)"),
        ("sets", "write NO (number)"),
        ("boxes of tea", "such as NO, PCS, KG"),
        ("", "such as NO, PCS, KG"),
    ],
)
def test_a_unit_that_aes_has_not_is_told_what_to_write(unit: str, told: str) -> None:
    with pytest.raises(ValidationError) as error:
        UNIT.validate_python(unit, context=ENTERED)
    assert told in first_problem(error.value)


@pytest.mark.parametrize(("code", "name"), UNITS.items())
def test_a_unit_is_entered_by_code_or_by_name_and_both_are_one(code: str, name: str) -> None:
    for written in (code, name):
        assert UNIT.validate_python(written, context=ENTERED) == written
    assert unit_of(code) == unit_of(name) == name


def test_what_is_on_record_is_read_whatever_the_tables_say() -> None:
    old = _filed("UK", "boxes", "DDM")
    record = Submit.model_validate_json(json.dumps(old), strict=True)
    assert record.application.parties[0].country == "UK"
    assert record.application.items[0].unit == "boxes"


def test_every_fault_is_told_and_places_are_counted_from_one() -> None:
    with pytest.raises(ValidationError) as error:
        Submit.model_validate_json(json.dumps(_filed("UK", "boxes", "DDM")), strict=True, context=ENTERED)
    assert [problem.partition(": ")[0] for problem in every_problem(error.value)] == [
        "application, parties 1, country",
        "application, items 1, unit",
        "application, items 1, value, currency",
    ]
    assert "UK" not in "".join(every_problem(error.value))


def _filed(country: str, unit: str, currency: str) -> JsonValue:
    filed = submission().model_dump(mode="json")
    filed["parties"][0]["country"] = country
    filed["items"][0]["unit"] = unit
    filed["items"][0]["value"]["currency"] = currency
    return {"application": filed}
