"""What an applicant may file, and what it may not."""

import json
from typing import cast

import pytest
from pydantic import JsonValue, ValidationError

from greenlight.kernel.model import MAX_INTEGER, JsonObject
from greenlight.kernel.problems import first_problem
from greenlight.law.application.commands import Answer
from greenlight.law.application.dossier import (
    MAX_ITEMS,
    MAX_PARTIES,
    Finding,
    Match,
    Money,
    Screening,
    Submission,
)
from greenlight.law.application.screening.language import Screened
from tests.law.application.cases import (
    ALIKE,
    CONSIGNEE,
    MATCH,
    PARTIES,
    PURCHASER,
    item,
    screening,
    submission,
)

FILED = submission().model_dump(mode="json")


def test_an_application_reads_back_as_filed() -> None:
    text = submission().model_dump_json()
    assert Submission.model_validate_json(text, strict=True) == submission()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("applicant", ""),
        ("applicant", "x" * 301),
        ("applicant", "Example\x00Networks"),
        ("applicant", None),
        ("end_use", "x" * 4_001),
        ("end_use", "a\x1b[2Jb"),
        ("all_or_nothing", "yes"),
        ("all_or_nothing", 1),
        ("previous_acn", "000001"),
        ("parties", []),
        ("parties", [CONSIGNEE.model_dump(mode="json")] * (MAX_PARTIES + 1)),
        ("parties", [PURCHASER.model_dump(mode="json")]),
        ("parties.0.role", "friend"),
        ("parties.0.country", "Norway"),
        ("parties.0.name", "Light\u0085house"),
        ("parties.0.town", "Oslo"),
        ("parties.0.address", ""),
        ("items", []),
        ("items.0.line", 0),
        ("items.0.line", MAX_ITEMS + 1),
        ("items.0.line", True),
        ("items.0.classification", "5A99"),
        ("items.0.classification", "EAR-99"),
        ("items.0.classification", "5F002"),
        ("items.0.subparagraph", "a.1"),
        ("items.0.quantity", 0),
        ("items.0.quantity", 1.5),
        ("items.0.quantity", MAX_INTEGER + 1),
        ("items.0.unit", "pieces, or so"),
        ("items.0.value.minor_units", 0),
        ("items.0.value.minor_units", 10**13 + 1),
        ("items.0.value.minor_units", "100"),
        ("items.0.value.currency", "usd"),
        ("note", "to self"),
    ],
)
def test_what_cannot_be_filed_is_refused_by_its_place(place: str, value: JsonValue) -> None:
    with pytest.raises(ValidationError) as error:
        Submission.model_validate_json(json.dumps(_with(place, value)), strict=True)
    assert first_problem(error.value).startswith(f"{place}: ")


def test_the_largest_application_has_this_many_parties_and_items() -> None:
    largest = submission(
        *(item(line) for line in range(1, MAX_ITEMS + 1)), parties=(CONSIGNEE,) * MAX_PARTIES
    )
    assert (len(largest.items), len(largest.parties)) == (100, 50)


def test_line_numbers_are_distinct() -> None:
    with pytest.raises(ValidationError, match="line numbers must be distinct"):
        submission(item(1), item(1))


def test_somebody_must_receive_the_goods() -> None:
    with pytest.raises(ValidationError, match=r"ultimate_consignee is required \(15 CFR 748.5\(e\)\)"):
        submission(parties=(PURCHASER,))


def test_somebody_must_receive_the_goods_after_an_answer_too() -> None:
    with pytest.raises(ValidationError, match="ultimate_consignee is required"):
        Answer(answer="The buyer changed.", parties=(PURCHASER,))


@pytest.mark.parametrize(
    ("classification", "subparagraph"),
    [("EAR99", None), ("5A002", None), ("5A002", ".a.1"), ("3E001", ".a.1.b.2.c.3")],
)
def test_a_classification_may_be_refined(classification: str, subparagraph: str | None) -> None:
    fields = item().model_dump() | {"classification": classification, "subparagraph": subparagraph}
    assert type(item()).model_validate(fields).subparagraph == subparagraph


def test_ear99_has_no_paragraphs() -> None:
    fields = item().model_dump() | {"subparagraph": ".a"}
    with pytest.raises(ValidationError, match="EAR99 has no subparagraphs"):
        type(item()).model_validate(fields)


def test_the_sum_of_the_largest_values_is_still_exact() -> None:
    largest = Money(minor_units=10**13, currency="USD").minor_units
    assert MAX_ITEMS * largest <= MAX_INTEGER


@pytest.mark.parametrize(
    ("found", "complete", "listed"),
    [
        (screening("no_match", "no_match"), True, False),
        (screening("no_match", "listed"), True, True),
        (screening("no_match", "could_not_screen"), False, None),
        (screening("listed", "could_not_screen"), False, True),
        (screening("no_match", "possible_match"), True, None),
        (screening("listed", "possible_match"), True, True),
        (screening(), False, None),
    ],
    ids=[
        "no match",
        "listed",
        "could not screen",
        "listed and could not screen",
        "possible",
        "listed and possible",
        "nobody screened",
    ],
)
def test_a_screening_is_complete_only_if_everybody_was_screened(
    found: Screening, complete: bool, listed: bool | None
) -> None:
    assert (found.complete, Screened(screening=found).listed) == (complete, listed)


def test_a_possible_match_can_be_resolved() -> None:
    for matches in ((), (ALIKE.model_copy(update={"pair": None}),)):
        with pytest.raises(ValidationError, match=r"a party is listed|never be resolved"):
            Finding.model_validate({"party": 0, "outcome": "possible_match", "matches": matches})
    with pytest.raises(ValidationError, match="never be resolved"):
        Finding.model_validate({"party": 0, "outcome": "listed", "matches": (Match.model_validate(
            {**MATCH.model_dump(exclude={"pair"}), "score": 99}),)})  # fmt: skip


def test_a_finding_from_before_matches_were_resolved_is_read_and_written_as_it_was() -> None:
    record = (
        '{"party":1,"outcome":"listed","matches":[{"listing":"huawei","name":"Huawei",'
        '"citation":"84 FR 22961","review_policy":"Presumption of denial"}],"reason":null}'
    )
    found = Finding.model_validate_json(record)
    assert (found.matches[0].score, found.matches[0].explanation, found.matches[0].pair) == (100, (), None)
    assert found.model_dump_json() == record
    assert Screened(screening=Screening(list_version=None, findings=(found,))).listed


def test_a_screening_covers_each_party_once() -> None:
    first, second = screening("no_match", "no_match").findings
    assert screening("no_match", "listed").covers(PARTIES)
    assert Screening(list_version=None, findings=(second, first)).covers(PARTIES)
    assert not Screening(list_version=None, findings=(first,)).covers(PARTIES)
    assert not Screening(list_version=None, findings=(first, first)).covers(PARTIES)
    assert not screening("no_match", "no_match", "no_match").covers(PARTIES)


def test_no_finding_says_clear() -> None:
    with pytest.raises(ValidationError, match="outcome"):
        Finding.model_validate({"party": 0, "outcome": "clear"})


def test_a_match_takes_what_lists_publish() -> None:
    # The longest of the Consolidated Screening List of July 2026.
    match = Match(listing="entity-list/1", name="x" * 381, citation="x" * 807, review_policy="x" * 308)
    assert Match.model_validate_json(match.model_dump_json()) == match


def _with(place: str, value: JsonValue) -> JsonObject:
    """What was filed, with one place changed."""

    def changed(node: JsonValue, path: list[str]) -> JsonValue:
        if not path:
            return value
        step, rest = path[0], path[1:]
        if isinstance(node, list):
            return [changed(each, rest) if str(at) == step else each for at, each in enumerate(node)]
        assert isinstance(node, dict)
        return {**node, step: changed(node.get(step), rest)}

    return cast(JsonObject, changed(cast(JsonObject, FILED), place.split(".")))
