"""Directives: issued, attested, stopped and shown."""

from typing import Annotated

import typer

from greenlight.cli.base.options import Csv, Json, stream_named
from greenlight.cli.base.output import counted, local, print_facts, print_json, print_rows, words
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.session import look, run
from greenlight.cli.base.telling import telling
from greenlight.cli.generated import add_commands
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.state import DirectiveState

app = typer.Typer(
    name="directive",
    help="Order how a class of cases is to be decided, and see how far that is.",
    no_args_is_help=True,
)

Key = Annotated[str, typer.Argument(metavar="KEY", help="The directive's key, such as green-light-2019.")]


add_commands(app, DIRECTIVE)


@app.command("list")
def list_directives(json: Json = False, csv: Csv = False) -> None:
    """List all directives, and how far each is."""
    rows = look(lambda reader: reader.directives())
    print_rows(
        rows,
        json,
        counted(len(rows), "directive"),
        {
            "key": lambda row: row.key,
            "stage": lambda row: words(row.stage),
            "posture": lambda row: words(row.posture),
            "in force since": lambda row: local(row.in_force_since),
            "waits for": lambda row: words(row.waiting_for),
            "done": lambda row: str(row.done),
            "left": lambda row: str(row.remaining),
            "not decided": lambda row: str(row.failed),
        },
        csv=csv,
        drop=("waits for", "posture", "in force since"),
    )


@app.command()
def show(key: Key, json: Json = False) -> None:
    """Show a directive, how far it was held against the cases that were pending, and how many of their
    workflows have heard of it: as many as its own workflow tells since it began, or began anew."""
    stream = stream_named(DIRECTIVE, key)
    state, _ = run(lambda session: replayed(session, DIRECTIVE, stream))
    if json:
        print_json(state)
        return
    told = run(lambda session: telling(session, stream)) if state.fan_out else None
    print_facts({**facts(state), "workflows": told})


def facts(state: DirectiveState) -> dict[str, str | None]:
    """Tell what was ordered, whether it is in force, and how far its fan-out is."""
    scope, fan_out, attestation = state.scope, state.fan_out, state.attestation
    found: dict[str, str | None] = {
        "directive": f"{state.key}: {state.title}",
        "stage": words(state.stage),
        "posture": words(state.posture),
        "entities": ", ".join(sorted(scope.entities)) or "any",
        "items": ", ".join(sorted(scope.item_classes)) or "any",
        "destinations": ", ".join(sorted(scope.destinations)) or "any",
        "issued": f"{local(state.issued_at)} by {state.issued_by.officer}",
        "effective": local(state.effective),
        "in force since": local(state.since) if state.since else None,
        "expires": local(state.expires) if state.expires else None,
        "ground": state.ground and f"{words(state.ground)} ({state.ground.citation})",
        "condition": state.condition,
        "attested": f"{local(attestation.at)} by {attestation.by.officer}" if attestation else None,
        "supersedes": state.supersedes,
        "superseded by": state.superseded_by,
        "citation": state.citation,
        "reasons": state.reasons,
    }
    if fan_out is not None:
        how = "done" if fan_out.completed else "stopped" if fan_out.stopped else "under way"
        found[f"fan-out {fan_out.number}"] = f"{how}: {_bar(fan_out.done, fan_out.left)}"
        found["in scope"] = ", ".join(f"{n} {words(route)}" for route, n in sorted(fan_out.routes.items()))
        found["out of scope"] = str(fan_out.out_of_scope)
        found["not decided"] = ", ".join(fan_out.failed)
    return found


_WIDTH = 30


def _bar(done: int, left: int) -> str:
    """Show how much of it is done, as a picture and in numbers."""
    filled = _WIDTH * done // (done + left) if done + left else _WIDTH
    return f"{'█' * filled}{'░' * (_WIDTH - filled)} {done} done, {left} left"
