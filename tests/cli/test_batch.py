"""Many cases, one signature, from the command line alone."""

import re
from pathlib import Path

from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done, filed
from tests.service.processes import run


async def waiting(terminal: Terminal) -> str:
    """A case that waits for the executive, to be denied."""
    acn = await filed(terminal)
    await done(terminal, "recommend", acn, "deny", "--as", "olga", "--reasons", "Diversion risk")
    await done(terminal, "countersign", acn, "--as", "carla")
    return acn


async def test_a_batch_from_the_docket_to_the_proof_of_one_case(
    served: str, terminal: Terminal, tmp_path: Path
) -> None:
    first, second = sorted([await waiting(terminal), await waiting(terminal)])
    said = await done(terminal, "batch", "prepare", "spring", first, second, "--as", "olga")
    assert "2 cases, 0 to grant, 2 to deny" in said.out
    shown = (await done(terminal, "batch", "show", "spring")).out
    assert "What would be signed" in shown
    assert first in shown
    again = await terminal.starter("batch", "prepare", "spring", first, "--as", "olga")
    assert "refused: already_submitted: " in again.err
    await done(terminal, "sign-off", second, "--decline", "--as", "vera")
    said = await done(terminal, "batch", "sign", "spring", "--as", "vera")
    assert "delivering" in said.out
    shown = await done(terminal, "batch", "show", "spring", "--json")
    while '"left": []' not in shown.out:
        shown = await done(terminal, "batch", "show", "spring", "--json")
    told = (await done(terminal, "batch", "show", "spring")).out
    assert "What was signed" in told
    assert re.search(rf"{first} +deny .* decided$", told, re.MULTILINE)
    assert re.search(rf"{second} +deny .* fell out: wrong_stage", told)
    assert re.search(r"Workflows +\d+ told, \d+ to be told", told)
    assert second in told
    assert "delivered" in (await done(terminal, "batch", "list")).out
    assert "batch signed" in (await done(terminal, "history", "batch-spring")).out.lower()
    assert "wrong_stage" in (await done(terminal, "show", "batch-spring")).out
    assert "by batch: batch-spring" in (await done(terminal, "history", first)).out
    await proved(terminal, tmp_path, first)
    none = await terminal.starter("batch", "proof", second)
    assert (none.code, "was not decided by a batch" in none.err) == (1, True)


async def proved(terminal: Terminal, folder: Path, acn: str) -> None:
    proof = folder / "proof.json"
    proof.write_text((await done(terminal, "batch", "proof", acn)).out)
    checked = await done(terminal, "batch", "check", str(proof))
    assert f"application-{acn}" in checked.out
    assert "deny" in checked.out
    script = await run({}, "-I", "-S", "examples/check_batch_proof.py", str(proof))
    assert (script.code, f"application-{acn}: deny, decided by vera" in script.out) == (0, True), script.err
    forged = proof.read_text().replace(f"application-{acn}", "application-A999999", 1)
    refused = await terminal.starter("batch", "check", "-", stdin=forged)
    assert (refused.code, "does not hold" in refused.err) == (1, True)


async def test_a_batch_by_filters_and_one_that_is_given_up(served: str, terminal: Terminal) -> None:
    acn = await waiting(terminal)
    # The service is that of all these tests: others may have left cases of either outcome.
    past = ("--outcome", "grant", "--due-before", "2000-01-01")
    none = await terminal.starter("batch", "prepare", "grants", *past, "--as", "olga")
    assert (none.code, "no such case waits" in none.err) == (1, True)
    mixed = await terminal.starter("batch", "prepare", "both", acn, "--officer", "olga", "--as", "olga")
    assert mixed.code == 2
    early = await terminal.starter("batch", "prepare", "early", await filed(terminal), "--as", "olga")
    assert "refused: wrong_stage: " in early.err
    said = await done(terminal, "batch", "prepare", "summer", "--outcome", "deny", "--as", "vera")
    assert "to deny" in said.out
    assert acn in (await done(terminal, "batch", "show", "summer")).out
    said = await done(terminal, "batch", "discard", "summer", "--reasons", "Not now", "--as", "olga")
    assert "discarded" in said.out
    assert (await terminal.starter("batch", "show", "nothing")).code == 1
    assert (await terminal.starter("batch", "show", "Loud!")).code == 2
