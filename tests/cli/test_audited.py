"""How the log stands by what is published of it, on the command line."""

from pathlib import Path

from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done


async def test_of_what_nobody_published_it_says_so(served: str, terminal: Terminal, tmp_path: Path) -> None:
    shown = await done(terminal, "audited", "--tiles", str(tmp_path))
    assert "nothing is published of this log" in shown.out
    said = (await done(terminal, "audited", "--tiles", str(tmp_path), "--json")).json
    assert isinstance(said, dict)
    assert (said["checkpoints"], said["word"]) == ([], None)
