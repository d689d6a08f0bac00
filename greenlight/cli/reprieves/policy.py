"""Commands on policies, the tables that say what follows a term of a reprieve. No server is asked."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json
from greenlight.cli.base.output import bold, fail, print_facts, print_json, print_table, say, words
from greenlight.cli.base.session import REFUSED, USAGE
from greenlight.law.reprieve.told import outcome, value_of
from greenlight.law.terms.deciding import said, trace

if TYPE_CHECKING:
    from pydantic import JsonValue

    from greenlight.kernel.tables.check import Problem
    from greenlight.kernel.tables.compare import Comparison
    from greenlight.kernel.tables.domain import Fact
    from greenlight.kernel.tables.table import Cell, Row
    from greenlight.law.reprieve.policy import Policy

app = typer.Typer(
    name="policy",
    help="Check, read, compare, explain and try policies: what follows a term of a reprieve.",
    no_args_is_help=True,
)

PolicyName = Annotated[
    str,
    typer.Argument(
        metavar="FILE|NAME",
        help="A policy file, greenlight-policy/1, or the name of one that comes with the service.",
    ),
]
Facts = Annotated[
    list[str] | None,
    typer.Option("--fact", metavar="NAME=VALUE", help="What is known; repeat. Left out: unknown."),
]


@app.command()
def check(name: PolicyName, json: Json = False) -> None:
    """Say what is wrong with a policy: types, rows that never decide, overlaps, gaps.

    Each fault comes with facts that show it. Exit code 1 if there is any.

    Example: starter.py policy check draft.json
    """
    from greenlight.kernel.tables.check import check as problems_of
    from greenlight.law.reprieve.policy import misfits

    policy = read(name, on_fault=REFUSED)
    problems, others = problems_of(policy.table), tuple(misfits(policy))
    if json:
        found: list[JsonValue] = [*map(_problem, problems)]
        found += [_misfit(message) for message in others]
        print_json({"policy": policy.table.id, "version": policy.version, "problems": found})
    elif problems or others:
        print_table(
            f"What is wrong with {policy.table.id}",
            ("kind", "what", "for these facts, say"),
            (
                *((words(problem.kind), problem.message, _witness(problem)) for problem in problems),
                *(("policy", message, "") for message in others),
            ),
        )
    else:
        rows = len(policy.table.rows)
        say(f"{policy.table.id}: {rows} rows; every combination of facts has one outcome")
    if count := len(problems) + len(others):
        raise fail(
            REFUSED, f"{name}: {count} {'fault' if count == 1 else 'faults'}: mend the file and check again"
        )


@app.command()
def show(name: PolicyName, json: Json = False) -> None:
    """Print a policy as a person reads it: its inputs, its rows in order, the times around it, its version.

    Example: starter.py policy show huawei-2019
    """
    policy = read(name)
    if json:
        whole: dict[str, JsonValue] = policy.model_dump(mode="json")
        print_json({"version": policy.version, "table_version": policy.table.version, "policy": whole})
        return
    table = policy.table
    print_facts(
        {
            "Policy": f"{table.id}: {table.title}",
            "Citation": table.citation,
            "In force from": table.effective,
            "Version": policy.version,
            "Of its table": table.version,
            "Hit policy": table.hit_policy.value,
            "Decided": f"{policy.lead_days} days before the last day of a term",
            "To object": f"{policy.objection_days} days, the day of the decision included",
            "Evidence": f"counts for {policy.evidence_days} days",
        }
    )
    _print_table(policy)


@app.command()
def diff(
    before: PolicyName,
    after: Annotated[str, typer.Argument(metavar="FILE|NAME", help="The policy to compare it with.")],
    json: Json = False,
) -> None:
    """Say in which rows and cells two policies differ, and which kinds of facts they decide otherwise.

    The second is found by enumeration, so that nothing is left out; each kind comes with facts that show it.

    Example: starter.py policy diff huawei-2019 draft.json
    """
    from greenlight.kernel.tables.compare import compare

    old, new = load(before), load(after)
    found = compare(old.table, new.table)
    around = [
        member
        for member in ("lead_days", "objection_days", "evidence_days", "origins", "scopes")
        if getattr(old, member) != getattr(new, member)
    ]
    if json:
        print_json({**found.model_dump(mode="json"), "around": list(around)})
    elif found.same and not around:
        say("they say the same")
    else:
        _print_comparison(old, new, found, around)


@app.command()
def explain(name: PolicyName, fact: Facts = None, json: Json = False) -> None:
    """Say what a policy comes to for some facts, and of every row why it fired or which cell stopped it.

    Example: starter.py policy explain huawei-2019 --fact terms_issued=2 --fact rural_dependence=true
    --fact directive=some_approvals --fact rules_tightened=false --fact comments=not_sought
    --fact applications_received=200 --fact applications_pending=200
    """
    from greenlight.kernel.tables.domain import OutputEntry
    from greenlight.law.terms.deciding import REFERRED

    policy = load(name)
    found = policy.table.evaluate(facts_of(policy, fact or []), REFERRED)
    if json:
        print_json(found)
        return
    then = OutputEntry(outcome=found.outcome, parameters=found.parameters)
    by = f"by row {found.row}" if found.row else "no row fires: the executive is to decide"
    say(bold(outcome(then)), f", {by}")
    print_table("Every row", ("row", "fires", "stopped by"), trace(found))


def read(name: str, on_fault: int = USAGE) -> "Policy":
    """The policy of that name or in that file, sound or not; or an end that says what to do."""
    from greenlight.reference import policies
    from greenlight.reference.errors import ReferenceDataError

    path = policies.path_of(name) if name in policies.names() else Path(name)
    if not path.exists():
        known = ", ".join(policies.names())
        raise fail(USAGE, f"{name}: no such policy: give a file, or one of {known}")
    try:
        return policies.read_policy(path)
    except ReferenceDataError as error:
        raise fail(on_fault, str(error)) from None


def load(name: str) -> "Policy":
    """As ``read``, and refused if it may not decide anything."""
    from greenlight.law.reprieve.policy import objections

    policy = read(name)
    for problem in objections(policy):
        raise fail(REFUSED, f"{name}: {problem}: `starter.py policy check {name}` says all that is wrong")
    return policy


def facts_of(policy: "Policy", given: Iterable[str]) -> "dict[str, Fact]":
    """Facts from ``NAME=VALUE``, one for each input of the policy."""
    facts: dict[str, Fact] = {}
    for text in given:
        name, equals, value = text.partition("=")
        input_ = policy.input_of(name)
        if not equals or input_ is None:
            names = ", ".join(each.name for each in policy.table.inputs)
            raise fail(USAGE, f"--fact {text}: give NAME=VALUE, the name one of {names}")
        facts[name] = value_of(value)
        if not input_.admits(facts[name]):
            unknown = ", or unknown" if input_.may_be_unknown else ""
            raise fail(USAGE, f"--fact {text}: {name} is {input_}{unknown}")
    for input_ in policy.table.inputs:
        if input_.name not in facts and not input_.may_be_unknown:
            raise fail(USAGE, f"--fact {input_.name}=… is missing: it is {input_} and never unknown")
    return {each.name: facts.get(each.name) for each in policy.table.inputs}


def told(facts: "dict[str, Fact]") -> str:
    return ", ".join(f"{name}={said(value)}" for name, value in facts.items())


def _cell(cell: "Cell") -> str:
    text = str(cell)
    return text.lower() if text in {"True", "False"} else text


def _problem(problem: "Problem") -> "JsonValue":
    return problem.model_dump(mode="json")


def _misfit(message: str) -> "JsonValue":
    return {"kind": "policy", "rows": [], "message": message, "witness": None}


def _witness(problem: "Problem") -> str:
    return told(problem.witness) if problem.witness else ""


def _print_comparison(old: "Policy", new: "Policy", found: "Comparison", around: list[str]) -> None:
    names = [*found.title, *(f"input {name}" for name in found.inputs), *around]
    if names:
        say("Other: " + ", ".join(words(name) for name in names))
    for change in found.rows:
        if change.before is None or change.after is None:
            say(f"  {'+' if change.before is None else '-'} row {change.row}")
            continue
        for cell in change.cells:
            say(f"  ~ row {change.row}: {_changed(change.before, change.after, cell)}")
    if found.incomparable:
        say(f"Not compared: {', '.join(found.incomparable)} changed its type")
        return
    print_table(
        f"Decided otherwise: {len(found.decided)} kinds of facts",
        (old.table.id, "row", new.table.id, "row", "for these facts, say"),
        (
            (
                outcome(each.outcome_before) if each.outcome_before else "no row",
                each.before or "–",
                outcome(each.outcome_after) if each.outcome_after else "no row",
                each.after or "–",
                told(each.witness),
            )
            for each in found.decided
        ),
    )


def _changed(before: "Row", after: "Row", cell: str) -> str:
    match cell:
        case "place":
            return "moved"
        case "outcome":
            return f"{outcome(before.then)} → {outcome(after.then)}"
        case "annotation" | "citation":
            return f"another {cell}"
        case _:
            was, now = (_cell(row.when[cell]) if cell in row.when else "anything" for row in (before, after))
            return f"{cell} {was} → {now}"


def _print_table(policy: "Policy") -> None:
    table = policy.table
    print_table(
        "Inputs",
        ("name", "values", "from", "what"),
        (
            (
                given.name,
                str(given) + (", or unknown" if given.may_be_unknown else ""),
                policy.origins.get(given.name, "–"),
                given.annotation,
            )
            for given in table.inputs
        ),
    )
    print_table(
        "Rows",
        ("", "row", "if", "then", "why", "citation"),
        (
            (
                str(number),
                row.id,
                "\n".join(f"{given} {_cell(cell)}" for given, cell in row.when.items()) or "in any case",
                outcome(row.then),
                row.annotation,
                row.citation,
            )
            for number, row in enumerate(table.rows, 1)
        ),
    )
