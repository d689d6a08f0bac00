"""Whoever waits for the service is told so; whoever gives up, how to ask what became of the command."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.lists.write import write_list
from tests.cli.commands import commands
from tests.cli.conftest import ROOT, Said, Terminal, worker
from tests.cli.test_lists import TODAY
from tests.cli.test_procedure import done, filed
from tests.lists.files import WHOLE

GIVEN_UP = 3
AGAIN = re.compile(r"the same command line with (--command-id [A-Za-z0-9_-]+);")
ASKING = re.compile(r"starter\.py (history (\S+) --command-id (\S+))")


@dataclass(frozen=True, slots=True)
class Service:
    process: asyncio.subprocess.Process

    @contextmanager
    def busy(self) -> Generator[None]:
        """It answers nobody, and has lost nothing."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return Terminal(tmp_path_factory.mktemp("waiting"), patience=7)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service(terminal: Terminal) -> AsyncGenerator[Service]:
    async with worker(terminal) as (_, process):
        yield Service(process)


def again(said: str) -> list[str]:
    """What the command line is to be given with again, as it was said."""
    found = AGAIN.search(said)
    assert found is not None, said
    return found[1].split()


async def became(terminal: Terminal, said: str) -> str:
    """What the command tells that was said to tell it, once there is something."""
    found = ASKING.search(said)
    assert found is not None, said
    async with asyncio.timeout(60):
        while (answer := await terminal.starter(*found[1].split())).code:
            assert "nothing is on record" in answer.err
            await asyncio.sleep(0.2)
    return answer.out


async def test_a_list_that_takes_long_is_asked_after_and_loaded_once(
    service: Service, terminal: Terminal, tmp_path: Path
) -> None:
    await filed(terminal)
    file = tmp_path / "list.csv"
    file.write_bytes(write_list(WHOLE))
    load = ("lists", "load", str(file), *TODAY, "--as", "olga")
    with service.busy():
        said = await terminal.starter(*load)
    assert said.code == GIVEN_UP
    assert "no answer to open_list on list-csl yet" in said.err
    assert "list opened" in (await became(terminal, said.err)).lower()
    held = await terminal.starter(*load, *again(said.err))
    assert "takes a second officer: it is the first version" in held.err
    await done(terminal, "lists", "confirm", str(file), "--reasons", "Seen.", "--as", "oscar")
    assert "is the current version already" in (await done(terminal, *load)).out


@pytest.mark.parametrize("gives_up", [True, False], ids=["gives up", "is interrupted"])
async def test_a_command_that_nobody_answered_is_carried_out_once(
    service: Service, terminal: Terminal, gives_up: bool
) -> None:
    acn = await filed(terminal)
    withdraw = ("withdraw", acn, "--as", "acme")
    with service.busy():
        said = await terminal.starter(*withdraw) if gives_up else await interrupted(terminal, *withdraw)
    assert said.code == GIVEN_UP, said.err
    assert "It is not on record so far; it may be carried out yet." in said.err
    assert "application withdrawn" in await became(terminal, said.err)
    assert "accepted" in (await done(terminal, *withdraw, *again(said.err))).out
    assert (await done(terminal, "history", acn)).out.count("application withdrawn") == 1


async def test_a_question_before_a_command_has_sent_nothing(service: Service, terminal: Terminal) -> None:
    acn = await filed(terminal)
    with service.busy():
        # Of two roles of theirs, the case says which one is asked for.
        said = await terminal.starter("escalate", acn, "It should not stand.", "--as", "defense")
    assert said.code == GIVEN_UP
    assert said.err.endswith("Nothing was sent.\n")
    assert ASKING.search(said.err) is None


async def test_of_a_refused_command_its_refusal_is_told(service: Service, terminal: Terminal) -> None:
    acn = await filed(terminal)
    words = ("sign-off", acn, "--as", "vera", "--command-id", "too-early-1")
    assert (await terminal.starter(*words)).code == 1
    told = await done(terminal, "history", acn, "--command-id", "too-early-1")
    assert "1 event" in told.out
    assert "command refused" in told.out


def test_every_command_that_is_signed_can_be_sent_again() -> None:
    """But for those of the register, which needs no worker, those to several cases at once, and those that
    only show who asks."""
    signed = {
        words: {parameter.name for parameter in takes}
        for words, takes in commands().items()
        if "--as" in {parameter.name for parameter in takes}
    }
    without = {words for words, takes in signed.items() if "--command-id" not in takes}
    assert without == {
        "suspend",
        "revoke",
        "officer add",
        "officer grant",
        "officer confirm",
        "officer describe",
        "officer discard",
        "officer revoke",
        "worklist",
        "token",
        "codec open",
        "webhooks add",
        "report congress",
        "outlook",
        "earlier",
        "attachments bring",
        "attachments list",
        "attachments get",
        "list",
    }


async def interrupted(terminal: Terminal, *words: str) -> Said:
    """A command that Ctrl-C ends as soon as it has said that it waits."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "starter.py", *words),
        cwd=ROOT,
        env={**terminal.environment, "GREENLIGHT_PATIENCE": "600"},
        # A shell that runs tests in its background has them ignore Ctrl-C.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None, "it was asked for"
    said = ""
    while "Ctrl-C" not in said:
        line = (await process.stderr.readline()).decode()
        assert line, said
        said += line
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert "Traceback" not in err.decode()
    return Said(process.returncode or 0, out.decode(), said + err.decode())
