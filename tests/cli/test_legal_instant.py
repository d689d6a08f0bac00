"""When a command comes: said in a rehearsal, and nowhere else."""

from pathlib import Path

from greenlight.kernel.clock_kind import Kind
from tests.cli.conftest import Said, Terminal, serving

SUBMIT = ("submit", "examples/application.json", "--as", "acme", "--acn", "R000001")
RETURN = (
    *("return-without-action", "R000001", "license_not_required"),
    *("--as", "olga", "--reasons", "EAR99"),
)


def refused(said: Said, code: str) -> bool:
    return said.code == 1 and f"refused: {code}: " in said.err


async def test_in_a_rehearsal_a_command_comes_when_it_says(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, Kind.REHEARSAL)
    async with serving(terminal):
        assert refused(await terminal.starter(*SUBMIT), "wrong_clock")
        said = await terminal.starter("--at", "2019-10-09T12:00-04:00", *SUBMIT)
        assert said.code == 0, said.err
        early = await terminal.starter("--at", "2019-10-08T12:00-04:00", *RETURN)
        assert refused(early, "clock_passed")
        said = await terminal.starter("--at", "2019-10-10T09:00-04:00", *RETURN)
        assert said.code == 0, said.err
        events = (await terminal.starter("history", "R000001", "--json")).json
    assert isinstance(events, list)
    told = [(event["type"], event["at"]) for event in events if isinstance(event, dict)]
    assert told[0] == ("ApplicationSubmitted", "2019-10-09T16:00:00Z")
    assert told[-1] == ("ApplicationReturned", "2019-10-10T13:00:00Z")


async def test_in_production_nobody_tells_the_time(served: str, terminal: Terminal) -> None:
    assert refused(await terminal.starter("--at", "2019-10-09T12:00-04:00", *SUBMIT), "wrong_clock")
    assert (await terminal.starter("--at", "noon", *SUBMIT)).code == 2
