"""What is wrong is said in words: no pattern, and nothing of pydantic's own."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, JsonValue, ValidationError

from greenlight.kernel.forms import FORMS
from greenlight.kernel.problems import every_problem, first_problem
from greenlight.law.application.commands import Assign, Countersign
from greenlight.law.application.dossier import Party, Submission
from greenlight.law.contract import commands

SCHEMAS = sorted((Path(__file__).parents[2] / "docs" / "schemas").glob("*.json"))
_EXAMPLE = re.compile(r"such as (\S+?)(?:,|$)")


def patterns(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(pattern := value.get("pattern"), str):
            yield pattern
        for each in value.values():
            yield from patterns(each)
    elif isinstance(value, list):
        for each in value:
            yield from patterns(each)


def test_every_pattern_that_people_may_meet_has_words() -> None:
    told = {pattern for file in SCHEMAS for pattern in patterns(json.loads(file.read_text(encoding="utf-8")))}
    told |= {pattern for body in commands().values() for pattern in patterns(body.model_json_schema())}
    assert told
    assert told == set(FORMS)


@pytest.mark.parametrize("pattern", FORMS)
def test_the_example_is_one(pattern: str) -> None:
    for example in _EXAMPLE.findall(FORMS[pattern]):
        assert re.fullmatch(pattern, example)
    assert "such as" in FORMS[pattern] or "show" in FORMS[pattern]


def problems(model: type[BaseModel], content: object) -> str:
    with pytest.raises(ValidationError) as found:
        model.model_validate(content)
    return "\n".join((first_problem(found.value), *every_problem(found.value)))


def test_neither_patterns_nor_foreign_words_are_shown() -> None:
    party = {"role": "end_user", "name": "A", "country": "Norway"}
    said = "\n".join(
        (
            problems(Assign, {"officer": "Lee Smith"}),
            problems(Countersign, {"agrees": True, "comment": "a\0b"}),
            problems(Party, party),
            problems(Submission, {"applicant": "A", "parties": [party], "items": [], "end_use": "x"}),
        )
    )
    assert "Value error" not in said
    assert "pattern" not in said
    assert "officer: must be at most 64 of a-z 0-9 . _ -, no sign first, such as spring" in said
    assert "country: must be two capital letters, such as NO" in said
    assert "comment: control characters are not allowed" in said
