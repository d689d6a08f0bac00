"""From a decision of a reprieve's policy to the memorandum on it, with each row of the policy in words."""

from collections.abc import Mapping
from typing import TypedDict

from greenlight.kernel.model import Digest
from greenlight.kernel.tables.domain import Fact
from greenlight.kernel.tables.table import Cell, Row, Trace
from greenlight.kernel.time.calendar import last_day
from greenlight.law.reprieve.events import DecisionMade
from greenlight.law.reprieve.policy import EXTEND, EXTEND_TO, Policy
from greenlight.law.reprieve.state import ReprieveState
from greenlight.law.reprieve.terms import Term
from greenlight.law.terms.deciding import LAPSE, KnownFact
from greenlight.letters.notices import FactLine, Memorandum, RowLine
from greenlight.letters.words import Day, day_in_words, instant_in_words


class Head(TypedDict):
    """Give what all notices have."""

    letter_id: str
    rests_on: Digest
    dated: Day
    reprieve: str
    title: str


def memorandum(head: Head, event: DecisionMade, state: ReprieveState, term: Term) -> Memorandum:
    """On a decision about ``term``, which was made in ``state``."""
    evaluation = event.evaluation
    standing = state.standing(event.term)
    assert standing is not None, "a term whose end is being decided stays in the state"
    policy = next(each.policy for each in state.policies if each.policy.version == event.policy)
    facts, rows = {fact.name: fact.value for fact in event.facts}, {row.id: row for row in policy.table.rows}
    return Memorandum(
        **head,
        decision=event.number,
        term=event.term,
        valid_through=term.valid_through,
        due=instant_in_words(event.due),
        made=instant_in_words(event.at),
        late=event.at > event.due,
        outcome=_outcome(event, policy),
        row=evaluation.row,
        reason=rows[evaluation.row].annotation if evaluation.row else None,
        closes=day_in_words(last_day(event.closes)) if event.closes else None,
        answer_by=day_in_words(last_day(standing.end)),
        over=event.at >= standing.end,
        policy=policy.table.title,
        policy_version=event.policy,
        table_version=evaluation.version,
        facts=tuple(map(_fact, event.facts)),
        rows=tuple(_row(rows[trace.row], trace, facts, evaluation.row) for trace in evaluation.trace),
    )


def _outcome(event: DecisionMade, policy: Policy) -> str:
    evaluation = event.evaluation
    scope = evaluation.parameters.get("scope")
    scoped = f", with the scope “{scope}”" if scope else ", with the same scope"
    match evaluation.outcome:
        case outcome if outcome == EXTEND:
            return f"Extend by {evaluation.parameters['days']} days{scoped}"
        case outcome if outcome == EXTEND_TO:
            return f"Extend to {evaluation.parameters['to']}{scoped}"
        case outcome if outcome == LAPSE:
            return "Let the reprieve lapse"
        case _:
            return "Refer to the executive"


def _fact(fact: KnownFact) -> FactLine:
    return FactLine(
        name=_plain(fact.name), value=_in_words(fact.value), source=fact.source, position=fact.position
    )


def _row(row: Row, trace: Trace, facts: Mapping[str, Fact], deciding: str | None) -> RowLine:
    decides = trace.row == deciding
    result = "applies" if trace.fired else f"does not apply: {_stopped(row, trace, facts)}"
    if trace.fired and not decides:
        result += ", and does not decide"
    return RowLine(row=trace.row, annotation=row.annotation, result=result, decides=decides)


def _stopped(row: Row, trace: Trace, facts: Mapping[str, Fact]) -> str:
    """The fact that kept a row from applying: of several, the one on record."""
    kept = [name for name, cell in row.when.items() if not cell.accepts(facts.get(name))]
    name = next((each for each in kept if (trace.stopped_by or "").startswith(f"{each} ")), kept[0])
    return f"{_plain(name)} is {_in_words(facts.get(name))}, not {_wanted(row.when[name])}"


def _wanted(cell: Cell) -> str:
    match cell.test, cell.value:
        case "is", tuple() | None:
            return str(cell)
        case "is", value:
            return _in_words(value)
        case "one_of", tuple() as members:
            return " or ".join(map(_in_words, members))
        case "between", (low, high):
            return f"between {low} and {high}"
        case _:
            return str(cell)


def _in_words(value: Fact) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case _:
            return _plain(str(value))


def _plain(name: str) -> str:
    return name.replace("_", " ")
