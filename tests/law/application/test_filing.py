"""Filings that do not agree with the world: refused, with every fault at once and what would be right."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.law.application.commands import Submit
from greenlight.law.application.dossier import Submission
from greenlight.law.application.needs import RegisteredName, UnknownEccn, UnknownEccns
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.determination.unclassified import unknown_eccns
from greenlight.reference.controls import load_tables
from tests.law.application.cases import Case, item, submission
from tests.law.decisions import accepted, told
from tests.law.license.cases import ACCEPT, TRANSFER, issued

FILED = submission(item(1), item(2, classification="5A999"))
UNKNOWN = (UnknownEccn(1, 2, ("5A991", "5A992")),)
TABLES = load_tables()


def decided(filed: Submission, facts: Mapping[type[Need[Any]], object]) -> Decision:
    case = Case()
    return case.decides(told(case.command(Submit(application=filed)), facts))


def test_an_unknown_eccn_is_refused_with_those_that_are_alike() -> None:
    refusal = decided(FILED, {UnknownEccns: UNKNOWN})
    assert refusal == Refusal(
        ApplicationRefusal.UNKNOWN_ECCN,
        "application.items.1.classification: is on no entry of the control tables: write 5A991 or 5A992 or"
        " EAR99, or, if it is right all the same, line 2 in confirmed_eccns",
    )


def test_who_stands_by_an_eccn_may_file_it() -> None:
    confirmed = FILED.model_copy(update={"confirmed_eccns": (2,)})
    submitted, *_ = accepted(decided(confirmed, {UnknownEccns: UNKNOWN}))
    assert getattr(submitted, "application", None) == confirmed
    with pytest.raises(ValidationError, match="a line that is not there"):
        Submission.model_validate({**FILED.model_dump(), "confirmed_eccns": (3,)})


def test_who_says_nothing_of_it_signs_what_was_signed_before() -> None:
    assert "confirmed_eccns" not in FILED.model_dump_json()


@pytest.mark.parametrize("name", ["Acme Networks", "Globex", "Acme Networks LLC."])
def test_an_applicant_files_under_the_name_that_is_registered(name: str) -> None:
    other = FILED.model_copy(update={"applicant": name})
    refusal = decided(other, {RegisteredName: "Acme Networks LLC"})
    assert isinstance(refusal, Refusal)
    assert refusal.code is ApplicationRefusal.OTHER_NAME
    assert refusal.message.endswith("is registered as Acme Networks LLC: write that")


@pytest.mark.parametrize("name", ["Acme Networks LLC", "ACME  Networks llc "])
def test_case_and_spaces_make_no_other_name(name: str) -> None:
    accepted(decided(FILED.model_copy(update={"applicant": name}), {RegisteredName: "Acme Networks LLC"}))


def test_every_fault_is_told_at_once() -> None:
    refusal = decided(FILED, {RegisteredName: "Acme Networks LLC", UnknownEccns: UNKNOWN})
    assert isinstance(refusal, Refusal)
    assert "application.applicant: " in refusal.message
    assert "; application.items.1.classification: " in refusal.message


def test_faults_beyond_a_line_are_counted() -> None:
    many = tuple(UnknownEccn(place, place + 1, ("5A991",)) for place in range(9))
    items = tuple(item(line, classification="5A999") for line in range(1, 10))
    refusal = decided(submission(*items), {UnknownEccns: many})
    assert isinstance(refusal, Refusal)
    assert refusal.message.endswith(" more)")


def test_who_takes_a_license_over_does_so_under_the_name_that_is_registered() -> None:
    license = issued().after(TRANSFER)
    refusal = license.decides(told(license.command(ACCEPT), {RegisteredName: "Globex Corporation"}))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message[:5]) == (ApplicationRefusal.OTHER_NAME, "name:")


@pytest.mark.parametrize(
    ("eccn", "meant"),
    [("5A999", "5A992"), ("9E999", None), ("5D902", "5D002")],
)
def test_what_is_alike_differs_by_a_slip_of_the_pen(eccn: str, meant: str | None) -> None:
    (found,) = unknown_eccns((item(7, classification=eccn),), TABLES, TABLES.issued)
    assert (found.place, found.line) == (0, 7)
    assert len(found.alike) <= 3
    assert all(alike in TABLES.entries for alike in found.alike)
    assert meant is None or meant in found.alike


def test_tables_tell_nothing_of_the_time_before_them() -> None:
    unknown = (item(1, classification="5A999"),)
    assert unknown_eccns(unknown, TABLES, TABLES.issued - timedelta(days=1)) == ()
    assert unknown_eccns(unknown, TABLES, date(2999, 1, 1)) != ()
    assert unknown_eccns((item(1), item(2, classification="5A991")), TABLES, TABLES.issued) == ()
