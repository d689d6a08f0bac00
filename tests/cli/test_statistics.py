"""What was received and what became of it, on the command line."""

from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done, filed


async def test_an_application_is_counted_as_received_and_pending(served: str, terminal: Terminal) -> None:
    await filed(terminal)
    said = await done(terminal, "statistics", "--json")
    assert isinstance(said.json, dict)
    (total, *_) = said.json["classes"] if isinstance(said.json["classes"], list) else []
    assert isinstance(total, dict)
    assert total["item_class"] == "total"
    assert isinstance(total["pending"], int)
    assert total["pending"] >= 1
    shown = await done(terminal, "statistics")
    assert "RWA" in shown.out
    assert "By month of receipt and of decision" in shown.out
    early = await done(terminal, "statistics", "--as-of", "2019-01-01", "--json")
    assert isinstance(early.json, dict)
    assert early.json["months"] == []
    shown = await done(terminal, "statistics", "--as-of", "2019-01-01")
    assert "Whose the days" not in shown.out, "nobody had any: a head with nothing below it says nothing"
