"""Nobody signs unseen: the essentials come first, then the question; without a terminal, the digest."""

import asyncio
import re
import sys

import pytest

from greenlight.kernel.canonical import digest
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.registry import with_workflow
from tests.cli.commands import commands
from tests.cli.conftest import ROOT, Said, Terminal
from tests.cli.test_generated import GROUPS, NOT_BY_ITSELF
from tests.cli.test_procedure import done, filed
from tests.person import at_a_terminal

RECOMMEND = ("grant", "--as", "olga", "--reasons", "Existing rural network")


async def person(terminal: Terminal, answer: str, *words: str) -> Said:
    """What a person at a terminal is told, who gives this answer."""
    command = (sys.executable, "starter.py", *words)
    return Said(*await at_a_terminal(*command, cwd=ROOT, environment=terminal.environment, answer=answer))


async def program(terminal: Terminal, *words: str) -> Said:
    """What a program is told, which has no terminal."""
    return await terminal.starter(*words, stdin="")


async def stage(terminal: Terminal, acn: str) -> str:
    (row,) = [row for row in (await done(terminal, "list", "--json")).json if row["acn"] == acn]  # type: ignore
    return row["stage"]  # type: ignore


async def read(terminal: Terminal, case: str) -> str:
    """The digest that ``show`` prints."""
    shown = (await done(terminal, "show", case)).out
    return next(line.split()[-1] for line in shown.splitlines() if line.startswith("Dossier "))


async def test_the_essentials_are_shown_and_a_person_is_asked(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    said = await person(terminal, "n\n", "recommend", acn, *RECOMMEND)
    assert (said.code, said.out) == (1, "")
    assert said.err.rstrip().endswith("Sign? [y/N] nothing was signed")
    assert await stage(terminal, acn) == "review"
    shown = said.err[said.err.index("You are about to sign") :]
    for essential in (
        f"recommend on application-{acn}",
        "Acme Networks LLC (acme)",
        "ultimate consignee Huawei Technologies Co., Ltd. (CN) – LISTED: huawei-technologies",
        "End use",
        "outcome: grant; reasons: Existing rural network",
        f"recommendation made; application-{acn} is then at countersignature",
        await read(terminal, acn),
    ):
        assert essential in " ".join(shown.split()), shown
    lines = shown.splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 80
    said = await person(terminal, "y\n", "recommend", acn, *RECOMMEND)
    assert said.code == 0
    assert await stage(terminal, acn) == "countersignature"


async def test_a_hold_is_told_of_and_what_was_read_before_it_is_not_signed(
    served: str, terminal: Terminal
) -> None:
    acn = await filed(terminal)
    old = await read(terminal, acn)
    await done(terminal, "place-hold", acn, "government_consultation", "--reason", "Embassy", "--as", "olga")
    said = await program(terminal, "recommend", acn, *RECOMMEND, "--dossier", old)
    assert said.code == 1
    assert "dossier_changed" in said.err
    told = "hold 1, government consultation (15 CFR 750.4(b)(4)): Embassy; by olga"
    assert told in (await done(terminal, "show", acn)).out
    said = await person(terminal, "y\n", "recommend", acn, *RECOMMEND)
    assert said.code == 0
    assert told in " ".join(said.err.split())


@pytest.mark.parametrize("answer", ["\n", "no\n", "Y E S\n"])
async def test_anything_but_yes_is_no(served: str, terminal: Terminal, answer: str) -> None:
    acn = await filed(terminal)
    assert (await person(terminal, answer, "recommend", acn, *RECOMMEND)).code == 1
    assert await stage(terminal, acn) == "review"


async def test_what_the_law_would_refuse_is_told_before_it_is_signed(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    await done(terminal, "recommend", acn, "grant", "--as", "oscar", "--reasons", "Rural")
    said = await person(terminal, "n\n", "countersign", acn, "--as", "oscar")
    assert "it will be refused: own_recommendation" in said.err
    said = await person(terminal, "n\n", "countersign", acn, "--as", "carla")
    assert "grant, recommended by oscar, of lines 1, 2: Rural" in said.err
    assert "recommendation countersigned" in said.err
    assert "is then at sign off" in said.err


async def test_without_a_terminal_the_digest_is_needed(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    said = await program(terminal, "recommend", acn, *RECOMMEND)
    assert (said.code, said.out) == (2, "")
    assert f"nobody signs unseen: read `starter.py show {acn}`" in said.err
    assert "--dossier sha256:" in said.err
    assert await stage(terminal, acn) == "review"
    wrong = f"sha256:{'0' * 64}"
    said = await program(terminal, "recommend", acn, *RECOMMEND, "--dossier", wrong)
    assert (said.code, f"never had the dossier {wrong}" in said.err) == (1, True)
    assert "command refused" not in (await done(terminal, "history", acn)).out
    once = (*RECOMMEND, "--dossier", await read(terminal, acn), "--command-id", f"recommend-{acn}")
    first = await program(terminal, "recommend", acn, *once)
    assert first.code == 0, first.err
    assert "Sign?" not in first.err
    # The same command line again is harmless, though the dossier is another by now.
    again = await program(terminal, "recommend", acn, *once)
    assert (again.code, again.out) == (0, first.out)


async def test_the_digest_is_computed_from_what_is_shown(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    shown = (await done(terminal, "show", acn, "--json")).json
    assert isinstance(shown, dict)
    assert shown["dossier"] == digest(APPLICATION.dossier(APPLICATION.state.validate_python(shown["state"])))


async def test_a_message_for_another_client_is_not_signed_unseen_either(
    served: str, terminal: Terminal
) -> None:
    acn = await filed(terminal)
    words = ("sign", "return_without_action", f"application-{acn}", "--as", "olga")
    content = ("--body", '{"ground": "license_not_required", "reasons": "EAR99"}')
    assert (await program(terminal, *words, *content)).code == 2
    said = await person(terminal, "n\n", *words, *content)
    assert (said.code, said.out) == (1, "")
    assert "is then at returned" in " ".join(said.err.split())
    said = await person(terminal, "y\n", *words, *content)
    assert isinstance(said.json, dict)
    assert (await program(terminal, *words, *content, "--dossier", await read(terminal, acn))).code == 0


async def test_a_batch_shows_each_of_its_cases(served: str, terminal: Terminal) -> None:
    cases: list[str] = []
    for _ in range(3):
        cases.append(acn := await filed(terminal))
        await done(terminal, "recommend", acn, "deny", "--as", "olga", "--reasons", "Diversion risk")
        await done(terminal, "countersign", acn, "--as", "carla")
    first, second, _ = cases = sorted(cases)
    await done(terminal, "batch", "prepare", "seen", *cases, "--as", "olga")
    await done(terminal, "sign-off", second, "--decline", "--as", "vera")
    assert (await program(terminal, "batch", "sign", "seen", "--as", "vera")).code == 2
    said = await person(terminal, "n\n", "batch", "sign", "seen", "--as", "vera")
    told = " ".join(said.err.split())
    case = "deny – Acme Networks LLC: ultimate consignee Huawei Technologies Co., Ltd. (CN) – LISTED"
    assert f"{first} {case}" in told, said.err
    assert f"{second} CHANGED since, falls out; {case}" in told, said.err
    assert "3 to deny (USD" in told
    assert "1 changed since, which will fall out" in told
    shown = (await done(terminal, "batch", "show", "seen")).out
    assert re.search(rf"{first} +deny +Acme Networks LLC +.*LISTED: huawei-technologies", shown)
    assert "changed, will fall out" in shown
    assert re.search(r"Signers +.*vera may sign", shown)
    by_digest = ("batch", "sign", "seen", "--as", "vera", "--dossier", await read(terminal, "batch-seen"))
    said = await program(terminal, *by_digest)
    assert (said.code, "delivering" in said.out) == (0, True), said.err


async def test_several_licenses_are_shown_before_one_answer(served: str, terminal: Terminal) -> None:
    numbers: list[str] = []
    for _ in range(2):
        acn = await filed(terminal)
        await done(terminal, "recommend", acn, *RECOMMEND)
        await done(terminal, "countersign", acn, "--as", "carla")
        await done(terminal, "sign-off", acn, "--as", "vera")
        shown = (await done(terminal, "show", acn, "--json")).json
        assert isinstance(shown, dict)
        assert isinstance(shown["state"], dict)
        numbers.append(str(shown["state"]["license_number"]))
    revoke = ("revoke", *numbers, "--reasons", "Diversion", "--as", "vera")
    assert (await program(terminal, *revoke)).code == 2
    said = await person(terminal, "n\n", *revoke)
    assert said.code == 1
    assert all(f"sign revoke on license-{number}" in said.err for number in numbers)
    assert "Sign all 2?" in said.err
    digests = [word for number in numbers for word in ("--dossier", await read(terminal, number))]
    assert (await program(terminal, *revoke, *digests[:2])).code == 2
    assert (await program(terminal, *revoke, *digests)).code == 0


async def test_ctrl_c_at_the_question_ends_it_at_once_and_nothing_is_signed(
    served: str, terminal: Terminal
) -> None:
    acn = await filed(terminal)
    async with asyncio.timeout(60):
        said = await at_a_terminal(
            *(sys.executable, "starter.py", "recommend", acn, *RECOMMEND),
            cwd=ROOT,
            environment=terminal.environment,
            answer="",
            until="Sign? [y/N]",
        )
    assert said.code == 130
    assert said.err.endswith("interrupted. Nothing was sent.\n")
    assert await stage(terminal, acn) == "review"


def test_every_command_that_signs_takes_a_yes_beforehand() -> None:
    taken = {path: {each.name for each in takes} for path, takes in commands().items()}
    signed = {
        f"{GROUPS[each.kind]} {body.declared.short}".strip()
        for each in with_workflow()
        for name, body in each.commands.items()
        if name not in NOT_BY_ITSELF
    }
    assert all("--yes" in taken[path] for path in signed)
    # These sign no command, but who reads.
    reading = {"token", "worklist", "list", "codec open", "webhooks add", "report congress", "outlook"}
    reading |= {"earlier", "attachments bring", "attachments list", "attachments get"}
    assert {path for path, names in taken.items() if "--as" in names and "--yes" not in names} == reading


async def test_what_is_no_decision_is_shown_and_asked_all_the_same(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    said = await person(terminal, "n\n", "refer", acn, "defense", "--as", "olga")
    told = " ".join(said.err.split())
    assert (said.code, said.out) == (1, "")
    assert f"You are about to sign refer on application-{acn}" in told
    assert "Acme Networks LLC (acme)" in told
    assert "agencies: defense" in told
    assert told.endswith("Sign? [y/N] nothing was signed")
    history = (await done(terminal, "history", acn)).out
    assert "defense" not in history
    said = await person(terminal, "", "refer", acn, "defense", "--as", "olga", "--yes")
    assert (said.code, "Sign?" in said.err) == (0, False), said.err
    assert f"You are about to sign refer on application-{acn}" in said.err
    # A program that has read nothing still sends what is no decision.
    assert (await program(terminal, "request-information", acn, "Who?", "--as", "olga")).code == 0


async def test_a_decision_of_a_program_needs_its_digest_whatever_it_says_beforehand(
    served: str, terminal: Terminal
) -> None:
    acn = await filed(terminal)
    assert (await program(terminal, "recommend", acn, *RECOMMEND, "--yes")).code == 2


async def test_what_begins_is_shown_before_it_is_signed(served: str, terminal: Terminal) -> None:
    said = await person(terminal, "n\n", "reprieve", "open", "seen", "--reference", "huawei", "--as", "vera")
    told = " ".join(said.err.split())
    assert (said.code, "nothing was signed" in told) == (1, True), said.err
    for essential in ("open_reprieve on reprieve-seen", "huawei-2019", "valid through: ", "and 79 more"):
        assert essential in told, said.err
    assert max(map(len, said.err[said.err.index("You are about") :].splitlines())) <= 80
    said = await person(terminal, "n\n", "submit", "examples/application.json", "--as", "acme")
    assert "Acme Networks LLC" in said.err, said.err
    assert said.code == 1
    add = ("officer", "grant", "olga", "--role", "countersigner", "--as", "registrar")
    said = await person(terminal, "n\n", *add)
    assert (said.code, "propose" not in said.out, "countersigner" in said.err) == (1, True, True), said.err
