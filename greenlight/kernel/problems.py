"""Pydantic's errors in words, without what was sent: it may be confidential."""

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from greenlight.kernel.forms import FORMS
from greenlight.kernel.refusal import MAX_MESSAGE_CHARACTERS

MAX_PROBLEMS = 20


def every_problem(error: ValidationError) -> tuple[str, ...]:
    """Each problem as ``place: what is wrong``, for people: ``items 2, unit`` is the unit of the second item.

    Without the offending values, as ``first_problem``. Of more than ``MAX_PROBLEMS`` the outermost are told,
    such as a list that is too long, and how many others there are.
    """
    found = faults(error)
    if len(found) > MAX_PROBLEMS:
        found.sort(key=lambda problem: len(problem["loc"]))
    more = len(found) - MAX_PROBLEMS
    return (
        *(f"{_place(each['loc'])}: {told(each)}".removeprefix(": ") for each in found[:MAX_PROBLEMS]),
        *((f"and {more} more",) if more > 0 else ()),
    )


def faults(error: ValidationError) -> list[ErrorDetails]:
    """The problems one by one, without what was sent."""
    found = error.errors(include_url=False, include_input=False)
    above = {problem["loc"][:depth] for problem in found for depth in range(len(problem["loc"]))}
    # A list counts as too short, to pydantic, where what it holds is faulty; that is told already.
    return [problem for problem in found if problem["type"] != "too_short" or problem["loc"] not in above]


def _place(steps: tuple[int | str, ...]) -> str:
    named = (f" {step + 1}" if isinstance(step, int) else f", {step}" for step in steps)
    return "".join(named).removeprefix(", ").strip()


def told(problem: ErrorDetails) -> str:
    """A problem in words, without pydantic's own for what we say ourselves, and without patterns."""
    if problem["type"] == "string_pattern_mismatch":
        pattern = str(problem.get("ctx", {}).get("pattern"))
        return f"must be {FORMS[pattern]}" if pattern in FORMS else problem["msg"]
    if problem["type"] == "union_tag_invalid":
        # Pydantic's own words have what was sent.
        said = problem.get("ctx", {})
        return f"{str(said.get('discriminator')).strip(chr(39))} must be one of {said.get('expected_tags')}"
    return problem["msg"].removeprefix("Value error, ")


def problems(error: ValidationError) -> str:
    """Every problem as ``field: what is wrong``, as many as a refusal has room for, and how many others there
    are. Without the offending values: they may be confidential."""
    return joined([f"{'.'.join(map(str, each['loc'])) or 'message'}: {told(each)}" for each in faults(error)])


_ROOM = MAX_MESSAGE_CHARACTERS - 20


def joined(problems: Sequence[str]) -> str:
    """Problems on one line, the first whole; of those without room, how many there are."""
    line, told = problems[0], 1
    for problem in problems[1:]:
        if len(line) + len(problem) + 2 > _ROOM:
            break
        line, told = f"{line}; {problem}", told + 1
    others = len(problems) - told
    return line + (f" (and {others} more)" if others else "")


def first_problem(error: ValidationError) -> str:
    """The first problem as ``field: what is wrong``, without the offending value: it may be confidential."""
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in problem["loc"]) or "message"
    others = error.error_count() - 1
    return f"{place}: {told(problem)}" + (f" (and {others} more)" if others else "")
