"""Webhooks on the command line: an officer asks for one, and an operator looks after it."""

import stat
from collections.abc import Sequence

import pytest
from standardwebhooks.webhooks import Webhook

from tests.cli.conftest import Said, Terminal

URL = "https://erp.example.com/licenses"


async def done(terminal: Terminal, *words: str) -> Said:
    said = await terminal.starter("webhooks", *words)
    assert said.code == 0, said.err
    return said


async def test_a_webhook_is_asked_for_and_looked_after(served: str, terminal: Terminal) -> None:
    added = (await done(terminal, "add", URL, "--as", "acme", "--stream", "application", "--json")).json
    assert isinstance(added, dict)
    identity, secret = str(added["id"]), str(added["secret"])
    Webhook(secret)
    key = terminal.data / "keys" / "webhooks.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    shown = (await done(terminal, "show", identity, "--json", "--secret")).json
    assert isinstance(shown, dict)
    assert (shown["url"], shown["officer"], shown["role"]) == (URL, "acme", "applicant")
    assert (shown["streams"], shown["secret"], shown["paused"]) == (["application"], secret, None)
    plain = await done(terminal, "show", identity)
    assert secret not in plain.out
    await done(terminal, "pause", identity, "--reason", "they move house")
    assert "they move house" in (await done(terminal, "show", identity)).out
    assert "paused" in (await done(terminal, "list")).out
    await done(terminal, "resume", identity)
    await done(terminal, "replay", identity, "--after", "3")
    assert "3" in (await done(terminal, "show", identity)).out
    assert (await done(terminal, "dead", identity, "--json")).json == []
    await done(terminal, "remove", identity)
    assert (await terminal.starter("webhooks", "show", identity)).code == 1


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("add", "http://erp.example.com/", "--as", "acme"), 2, "https"),
        (("add", URL, "--as", "acme", "--role", "executive"), 1, "role_not_held"),
        (("add", URL, "--as", "acme", "--after", "1000000"), 1, "before 1000000"),
        (("show", "wh_0123456789abcdef"), 1, "no webhook"),
        (("replay", "wh_0123456789abcdef", "--after", "1"), 1, "no webhook"),
        (("dead", "nothing"), 2, "WEBHOOK"),
    ],
)
async def test_what_cannot_be_is_refused(
    served: str, terminal: Terminal, words: Sequence[str], code: int, says: str
) -> None:
    said = await terminal.starter("webhooks", *words)
    assert said.code == code, said.err
    assert says in said.err
