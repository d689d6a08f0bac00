"""Rules at the command line: acts attested by one officer and confirmed by another, and how a rule stands."""

from typing import Annotated

import typer

from greenlight.cli.base.options import As, CommandId, Json, KnownAt
from greenlight.cli.base.output import fail, print_json, say
from greenlight.cli.base.send import send
from greenlight.cli.base.session import USAGE
from greenlight.cli.generated import add_commands
from greenlight.cli.law.determination import rules, shipped_rules
from greenlight.kernel.streams import rule_stream
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.standing import BEGINNING

app = typer.Typer(
    name="rule",
    help="Rules of the regulation: what is attested of each, and how it stands.",
    no_args_is_help=True,
)
add_commands(app, RULE)


@app.command()
def record(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The rule's key, such as affiliates.")],
    as_: As,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Open a rule with the acts that come with the service; read their sources anew before you confirm them.

    Example: starter.py rule record affiliates --as olga
    """
    from greenlight.law.rule.commands import OpenRule

    known = shipped_rules().by_key
    if key not in known:
        raise fail(USAGE, f"{key}: no such rule comes with the service; it has {', '.join(sorted(known))}")
    acts = tuple(each.act for each in known[key].attestations if each.act is not None)
    opening = OpenRule(title=known[key].title, governs=known[key].governs, acts=acts)
    send(rule_stream(key), opening, as_, command_id, json)


@app.command()
def timeline(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The rule's key, such as affiliates.")],
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Tell how a rule stands from when to when, as attested, or as it comes with the service.

    Example: starter.py rule timeline affiliates --known-at 2025-11-01
    """
    known = rules().by_key
    if key not in known:
        raise fail(USAGE, f"{key}: there is no such rule; there are {', '.join(sorted(known))}")
    changes = known[key].timeline.changes(known_at)
    if json:
        print_json(
            [
                {
                    "from": None if start == BEGINNING else start.isoformat(),
                    "readings": [
                        {
                            "force": each.force.value,
                            "text": each.text,
                            "citation": each.citation,
                            "certainty": each.certainty.value,
                        }
                        for each in standing.readings
                    ],
                    "settled_by": standing.settled_by,
                }
                for start, standing in changes
            ]
        )
        return
    say(f"{known[key].title}:")
    for start, standing in changes:
        begins = "until then" if start == BEGINNING else f"from {plain_date(agency_date(start))}"
        say(f"  {begins}: {standing.said} [{standing.citation}]")
        if standing.settled_by:
            say(f"    settled by {standing.settled_by}")
