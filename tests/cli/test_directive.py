"""Directives from the command line alone."""

import re

from greenlight.cli.cases.case_view import routed
from greenlight.cli.cases.inspect import as_shown
from greenlight.kernel.model import JsonObject
from greenlight.kernel.tables.table import Evaluation
from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done, filed
from tests.cli.test_unseen import person

SCOPE = ("--destination", "AQ", "--items", "nonsensitive")
ORDER = ("--posture", "presumption_of_denial", "--citation", "Order", "--reasons", "By order")


async def test_a_directive_from_its_issue_to_its_end(served: str, terminal: Terminal) -> None:
    conditional = ("--condition", "The talks fail", "--expires", "2999-01-01")
    said = await done(
        terminal, "directive", "issue", "aq-1", "A test", *SCOPE, *ORDER, *conditional, "--as", "vera"
    )
    assert "awaiting event" in said.out
    own = await terminal.starter(
        "directive", "attest", "aq-1", "They did", "--source", "News", "--as", "vera", "--role", "executive"
    )
    assert "refused: own_directive: " in own.err
    said = await done(terminal, "directive", "attest", "aq-1", "They did", "--source", "News", "--as", "olga")
    assert "in force" in said.out
    shown = (await done(terminal, "directive", "show", "aq-1")).out
    seen = (await done(terminal, "show", "directive-aq-1")).out
    for words in ("presumption of denial", "nonsensitive", "AQ", "The talks fail", "in force since"):
        assert words in shown
        assert words in seen
    told = (await done(terminal, "show", "directive-aq-1", "--json")).json
    assert isinstance(told, dict)
    assert told["stream"] == "directive-aq-1"
    assert isinstance(told["state"], dict)
    assert told["state"]["title"] == "A test"
    await done(terminal, "directive", "withdraw", "aq-1", "--reasons", "They go on", "--as", "olga")
    for command in ("stop", "resume", "retry"):
        refused = await terminal.starter("directive", command, "aq-1", "--as", "olga")
        assert "refused: wrong_stage: " in refused.err
    listed = await done(terminal, "directive", "list", "--json")
    assert isinstance(listed.json, list)
    ours = [row["stage"] for row in listed.json if isinstance(row, dict) and row["key"] == "aq-1"]
    assert ours == ["awaiting_event"]
    said = await done(terminal, "directive", "rescind", "aq-1", "--reasons", "Enough", "--as", "vera")
    assert "rescinded" in said.out
    assert "AttestationWithdrawn" in (await done(terminal, "history", "directive-aq-1", "--json")).out
    missing = await terminal.starter("directive", "show", "aq-2")
    assert (missing.code, "no_such_case" in missing.err) == (1, True)


async def test_what_a_directive_would_move_is_shown_before_it_is_signed(
    served: str, terminal: Terminal
) -> None:
    await filed(terminal)
    order = ("--destination", "CN", "--posture", "deny", "--citation", "Order", "--reasons", "By order")
    said = await person(terminal, "n\n", "directive", "issue", "cn-1", "A test", *order, "--as", "vera")
    told = " ".join(said.err.split())
    assert (said.code, "nothing was signed" in told) == (1, True), said.err
    assert "You are about to sign issue_directive on directive-cn-1" in told
    for part in ("destinations: CN", "entities: any", "Citation Order", "Reasons By order"):
        assert part in told, said.err
    assert re.search(r"Cases +\d+ pending applications", told)
    assert re.search(r"Moves +\d+ cases?, at once", told)
    # The first of them; other tests have filed cases too.
    assert re.search(r"[A-Z]\d{6}: from review to", told), said.err
    assert (await terminal.starter("directive", "show", "cn-1")).code == 1


def test_history_tells_of_a_directive_in_the_words_of_show() -> None:
    found = Evaluation(
        table="directive-routing",
        version=f"sha256:{'0' * 64}",
        facts={},
        outcome="leave",
        row="not-referred",
        trace=(),
    )
    content: JsonObject = {
        "type": "DirectiveApplied",
        "evaluation": {"outcome": "leave", "row": "not-referred"},
    }
    assert as_shown(content) == {"evaluation": routed(found)}
    assert "not-referred" not in routed(found)
