"""Rules at the command line: acts attested by one officer and confirmed by another, and how a rule stands."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from greenlight.cli.base.options import As, CommandId, Csv, Json, KnownAt
from greenlight.cli.base.output import counted, fail, print_csv, print_json, print_table, say, warn, words
from greenlight.cli.base.send import send
from greenlight.cli.base.session import REFUSED, USAGE, legal_instant
from greenlight.cli.generated import add_commands
from greenlight.cli.law.determination import rules, shipped_rules
from greenlight.cli.law.timeline import Svg, show
from greenlight.kernel.model import JsonObject
from greenlight.kernel.streams import rule_stream
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.standing import Standing
from greenlight.law.terms.spans import BEGINNING

app = typer.Typer(
    name="rule",
    help="Rules of the regulation: what is attested of each, and how it stands.",
    no_args_is_help=True,
)
add_commands(app, RULE)


@app.command("list")
def list_rules(json: Json = False, csv: Csv = False) -> None:
    """List all rules, how each stands today and how certain that is: those on record, and those that come
    with the service.

    Example: starter.py rule list
    """
    from greenlight.answers.rules import rules_at

    found = rules_at(rules(), shipped_rules(), legal_instant.get() or datetime.now(UTC))
    if json:
        print_json(found)
        return
    lines = [
        (
            each.key,
            each.title,
            each.standing,
            words(each.certainty),
            each.settled_by or "–",
            "on record" if each.on_record else "comes with the service",
        )
        for each in found.rules
    ]
    columns = ("key", "title", "stands", "certainty", "settled by", "from")
    if csv:
        print_csv(columns, lines)
    else:
        print_table(counted(len(lines), "rule"), columns, lines, tallest=4)


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
    svg: Svg = None,
    json: Json = False,
) -> None:
    """Draw the acts on a rule over time, and tell how it stands from when to when.

    As attested, or as it comes with the service.
    Example: starter.py rule timeline affiliates --known-at 2025-11-01 --svg affiliates.svg
    """
    from greenlight.law.rule.timeline import timeline as pictured

    every = rules()
    known = every.by_key
    if key not in known:
        raise fail(USAGE, f"{key}: there is no such rule; there are {', '.join(sorted(known))}")
    rule = known[key]
    shown = pictured(rule.of(known_at).title, rule.known(known_at))
    if shown is None:
        raise fail(REFUSED, f"{key}: no act on it was known then")
    if asked := every.instead_of(key):
        warn(f"{key} is never asked: of affiliates answers are by the rule {asked.key}, {asked.title}")
    changes = rule.timeline.changes(known_at)
    show(shown, svg, json, {"standings": [_standing(*each) for each in changes]})
    if json:
        return
    for start, standing in changes:
        begins = "Until then" if start == BEGINNING else f"From {plain_date(agency_date(start))}"
        say(f"{begins}: {standing.said} [{standing.citation}]")
        if standing.settled_by:
            say(f"  settled by {standing.settled_by}")


def _standing(start: datetime, standing: Standing) -> JsonObject:
    return {
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
