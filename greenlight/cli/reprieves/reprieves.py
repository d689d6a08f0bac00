"""Commands on reprieves, one for each message of the contract, and what looks at them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from greenlight.cli.base.options import (
    As,
    AsOf,
    CommandId,
    Csv,
    Dossier,
    Json,
    OnRecordAt,
    Reasons,
    body,
    stream_named,
)
from greenlight.cli.base.output import counted, fail, local, print_rows, words
from greenlight.cli.base.send import send
from greenlight.cli.base.session import USAGE, look
from greenlight.cli.cases.inspect import show as show_case
from greenlight.cli.generated import add_commands
from greenlight.cli.reprieves import terms, timeline
from greenlight.cli.reprieves.policy import load
from greenlight.cli.reprieves.terms import Effective, Key, ValidThrough, given, read_object
from greenlight.kernel.roles import Role
from greenlight.kernel.time.calendar import plain_date
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import AdoptPolicy, OpenReprieve, SubmitEvidence
from greenlight.law.reprieve.told import value_of

_DECIDE = "Decide what follows a term"
_WHOLE = "Act on a reprieve"
_LOOK = "Look"

app = typer.Typer(
    name="reprieve",
    help="Open reprieves, say what is known, object or decide, act on their terms, and look at them.",
    no_args_is_help=True,
)


def _register() -> None:
    by_hand = {
        "open_reprieve": open_,
        "submit_evidence": evidence,
        "replace_outcome": terms.replace,
        "issue_term": terms.issue,
        "correct_term": terms.correct,
        "adopt_policy": adopt_policy,
    }
    panels = {
        **dict.fromkeys(("confirm_outcome", "replace_outcome", "stop_outcome"), _DECIDE),
        **dict.fromkeys(("open_reprieve", "submit_evidence", "adopt_policy", "end_reprieve"), _WHOLE),
    }
    add_commands(app, REPRIEVE, by_hand, panels=panels, panel="Act on terms")
    app.command(rich_help_panel=_LOOK)(show)
    app.command("list", rich_help_panel=_LOOK)(list_)
    timeline.add_to(app)


def open_(
    key: Key,
    as_: As,
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON: title, policy (by name, file or whole) and term."),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="Open like this recorded reprieve: its title, and the first term's scope, entities and "
            "length, from now on.",
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its title, in place of the file's.")] = None,
    policy: Annotated[
        str | None,
        typer.Option(metavar="FILE|NAME", help="Its policy. With --reference by default huawei-2019."),
    ] = None,
    valid_through: ValidThrough = None,
    effective: Effective = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Open a reprieve with its policy and its first term, and wait until it is on record.

    Example: starter.py reprieve open rural --reference huawei --policy draft.json
    --valid-through 2027-03-31 --as vera
    """
    stream = stream_named(REPRIEVE, key)
    if (file is None) == (reference is None):
        raise fail(USAGE, "give either --file or --reference: what the first term is to say")
    said: dict[str, object] = dict(read_object(file)) if file else _like(reference or "")
    known = given(None, valid_through=valid_through, effective=effective)
    term = said.get("term")
    if isinstance(term, dict):
        said["term"] = cast(dict[str, object], term) | known
    named = policy or said.get("policy")
    whole = load(named).model_dump(mode="json", exclude_defaults=True) if isinstance(named, str) else named
    opening = body(OpenReprieve, **{**said, "policy": whole, "title": title or said.get("title")})

    send(stream, opening, as_, command_id, json)


def evidence(
    key: Key,
    fact: Annotated[str, typer.Argument(help="A fact that the policy takes as evidence.")],
    value: Annotated[str, typer.Argument(help="true, false, a number, a word, or unknown.")],
    as_: As,
    statement: Annotated[str, typer.Option(help="What it rests on, in a sentence or more.")],
    source: Annotated[str, typer.Option(help="Who or what says so.")],
    role: Annotated[Role | None, typer.Option(help="Default: the one of the officer's that may.")] = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Submit what is known of a fact, as a licensing officer or an agency; the latest word counts.

    Example: starter.py reprieve evidence rural rural_dependence true --source "Rural carriers"
    --statement "Forty of them have no other supplier yet" --as defense
    """
    stream = stream_named(REPRIEVE, key)
    known = {"name": fact, "value": value_of(value), "source": source}
    # Given even where it is None: that says that the source was asked and did not know.
    content = body(SubmitEvidence, fact=known, statement=statement)
    send(stream, content, as_, command_id, json, role=role)


def adopt_policy(
    key: Key,
    policy: Annotated[str, typer.Argument(metavar="FILE|NAME", help="The policy, greenlight-policy/1.")],
    as_: As,
    reasons: Reasons,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Adopt another policy; it decides from its effective date on, and nothing that is proposed already.

    Example: starter.py reprieve adopt-policy rural draft.json --reasons "Comments came in" --as vera
    """
    whole = load(policy).model_dump(mode="json", exclude_defaults=True)
    content = body(AdoptPolicy, policy=whole, reasons=reasons)
    send(stream_named(REPRIEVE, key), content, as_, command_id, json, dossier)


def show(
    key: Key,
    as_of: AsOf = None,
    known_at: OnRecordAt = None,
    json: Json = False,
) -> None:
    """Show where a reprieve is, what was decided and why, when that takes effect, and its terms.

    Example: starter.py reprieve show rural
    """
    show_case(stream_named(REPRIEVE, key), as_of=as_of, known_at=known_at, json=json)


def list_(
    stage: Annotated[str | None, typer.Option(help="Only reprieves at this stage.")] = None,
    waiting_for: Annotated[str | None, typer.Option(help="Only those that wait for this role.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List reprieves: who must act, what comes next, until when their terms run.

    Example: starter.py reprieve list --waiting-for executive
    """
    rows = [
        row
        for row in look(lambda reader: reader.reprieves())
        if (stage is None or row.stage == stage) and (waiting_for is None or row.waiting_for == waiting_for)
    ]
    print_rows(
        rows,
        json,
        counted(len(rows), "reprieve"),
        {
            "key": lambda row: row.key,
            "stage": lambda row: words(row.stage),
            "waits for": lambda row: words(row.waiting_for),
            "next": lambda row: local(row.due),
            "term": lambda row: f"{row.term} of {row.terms}" if row.term else "–",
            "through": lambda row: plain_date(row.valid_through) if row.valid_through else "–",
            "decision": lambda row: str(row.decision or "–"),
        },
        csv=csv,
        drop=("decision", "term", "stage"),
    )


def _like(reference: str) -> "dict[str, object]":
    """An opening like a recorded reprieve's: as long as its first term was, beginning now."""
    from greenlight.cli.reprieves.reference import history
    from greenlight.kernel.time.calendar import agency_date

    past = history(reference)
    first, term = past.file.terms[0], past.life().term
    today = agency_date(datetime.now(UTC))
    return {
        "title": past.file.title,
        "policy": "huawei-2019",
        "term": {
            "valid_through": (today + (first.valid_through - first.effective)).isoformat(),
            "scope": term.scope.model_dump(mode="json"),
            "entities": sorted(term.entities),
            "reason": term.reason,
        },
    }


_register()
