"""How the log stands by what is published of it, on the command line."""

import os
from pathlib import Path

from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done


async def test_of_what_nobody_published_it_says_so(served: str, terminal: Terminal, tmp_path: Path) -> None:
    shown = await done(terminal, "audited", "--tiles", str(tmp_path))
    assert "nothing is published of this log" in shown.out
    said = (await done(terminal, "audited", "--tiles", str(tmp_path), "--json")).json
    assert isinstance(said, dict)
    assert (said["checkpoints"], said["word"]) == ([], None)


async def test_nothing_is_waited_for_that_is_no_file(served: str, terminal: Terminal, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "keys.txt")
    pipe = await terminal.starter("audited", "--tiles", str(tmp_path))
    assert (pipe.code, pipe.err.strip()) == (2, f"{tmp_path}/keys.txt is a pipe, and no file")
    device = await terminal.starter("audited", "--tiles", "/dev/zero")
    assert (device.code, "/dev/zero/keys.txt cannot be read: Not a directory" in device.err) == (2, True)
    for what, name in (
        (tmp_path / "keys.txt", "a pipe"),
        (tmp_path, "a folder"),
        (Path("/dev/null"), "a device"),
    ):
        kept = await terminal.starter("verify", "--checkpoint", str(what))
        assert kept.code == 2
        assert kept.err.strip() == f"{what} is {name}, and no file; name one, or give - and pipe it in"
