"""Among agencies, and to the letters, from the command line alone."""

import asyncio
import itertools
import re
import sys
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client, WorkflowExecutionStatus

from greenlight.client import Keyring, LicensingClient
from greenlight.connection.converter import data_converter
from greenlight.connection.settings import Settings
from greenlight.law.contract import TASK_QUEUE
from tests.cli.conftest import Said, Terminal
from tests.workflows.reprieves import opening

_orders = itertools.count(1)


async def filed(terminal: Terminal) -> str:
    """The number of a case that is about the goods of the example, as an order of its own."""
    order = ("--reference", f"Order {next(_orders)}")
    said = await terminal.starter("submit", "examples/application.json", *order, "--as", "acme", "--json")
    assert said.code == 0, said.err
    assert isinstance(said.json, dict)
    return str(said.json["stream"]).removeprefix("application-")


async def done(terminal: Terminal, *words: str) -> Said:
    said = await terminal.starter(*words)
    assert said.code == 0, said.err
    return said


async def test_a_dispute_from_the_referral_to_the_chairs_decision(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    await done(terminal, "place-hold", acn, "pre_license_check", "--as", "olga", "--reason", "A visit")
    await done(terminal, "lift-hold", acn, "1", "--as", "olga")
    await done(terminal, "refer", acn, "defense", "state", "--as", "olga")
    await done(terminal, "ask-applicant", acn, "Which radios?", "--as", "defense")
    await done(terminal, "answer", acn, "Five.", "--agency", "defense", "--as", "acme")
    bare = await terminal.starter("advise", acn, "deny", "--as", "defense", "--reasons", "Risk")
    assert bare.code == 1
    assert "refused: basis_missing: " in bare.err
    bases = ("--statutory-basis", "50 U.S.C. 4813", "--regulatory-basis", "15 CFR 744.11")
    await done(terminal, "advise", acn, "deny", "--as", "defense", "--reasons", "Risk", *bases)
    await done(terminal, "delegate-back", acn, "--as", "state")
    await done(terminal, "recommend", acn, "grant", "--as", "olga", "--reasons", "Civil use")
    said = await done(terminal, "countersign", acn, "--as", "carla")
    assert "operating committee" in said.out
    await done(terminal, "decide-dispute", acn, "grant", "--as", "chair", "--reasons", "A small risk")
    shown = (await done(terminal, "show", acn)).out
    assert "defense: deny – Risk" in shown
    assert "state: left it to the officer" in shown
    assert "Operating Committee decided to grant: A small risk" in shown
    await done(terminal, "escalate", acn, "Not to us", "--as", "defense")
    said = await done(terminal, "vote", acn, "deny", "--as", "energy")
    assert "acep" in said.out
    twice = await terminal.starter("vote", acn, "deny", "--as", "energy")
    assert "refused: already_voted: " in twice.err


async def test_an_agency_is_asked_about_its_condition_in_other_words(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    await done(terminal, "refer", acn, "defense", "--as", "olga")
    advice = ("approve_with_conditions", "--condition", "No military end use.")
    await done(terminal, "advise", acn, *advice, "--as", "defense")
    grant = ("recommend", acn, "grant", "--as", "olga", "--reasons", "Civil use", "--reword")
    bare = await terminal.starter(*grant, "No use by armed forces.")
    assert bare.code == 2
    assert bare.err.strip() == "No use by armed forces.: give ORIGINAL => TEXT"
    between = await terminal.starter(*grant, "3 => 2 a year => One a year")
    assert between.code == 2
    assert between.err.strip().endswith(
        'give ORIGINAL => TEXT, or, as => stands in what you give, {"original":"…","text":"…"}'
    )
    unasked = await terminal.starter(*grant, '{"original": "3 => 2 a year", "text": "One a year"}')
    assert "refused: unknown_condition: no agency asked for: 3 => 2 a year" in unasked.err
    unknown = await terminal.starter(*grant, '{"original": "3 => 2 a year", "txt": "One a year"}')
    assert (unknown.code, "txt" in unknown.err) == (2, True)
    other = await terminal.starter(*grant, "No end use. => No use by armed forces.")
    assert "refused: unknown_condition: no agency asked for: No end use." in other.err
    await done(terminal, *grant, "No military end use. => No use by armed forces.")
    shown = (await done(terminal, "show", acn)).out
    assert "agency reviewer of defense" in shown
    assert f"starter.py answer-wording {acn}" in shown
    assert "“No military end use.” became “No use by armed forces.”; asked" in " ".join(shown.split())
    works = ("worklist", "--role", "agency_reviewer", "--organisation", "defense", "--csv")
    (task,) = (line for line in (await done(terminal, *works)).out.splitlines() if acn in line)
    assert "wording" in task
    early = await terminal.starter("countersign", acn, "--as", "carla")
    assert "refused: agencies_pending: " in early.err
    await done(terminal, "answer-wording", acn, "--as", "defense")
    assert "sign off" in (await done(terminal, "countersign", acn, "--as", "carla")).out


async def test_a_department_asks_for_the_earlier_cases_of_a_party(served: str, terminal: Terminal) -> None:
    first, second = await filed(terminal), await filed(terminal)
    await done(terminal, "refer", second, "defense", "--as", "olga")
    hidden = await terminal.starter("earlier", first, "--as", "defense")
    assert hidden.err.endswith(f"refused: no_such_case: there is no case application-{first}\n")
    told = (await done(terminal, "earlier", second, "--as", "defense", "--json")).json
    assert isinstance(told, dict)
    cases = told["cases"]
    assert isinstance(cases, list)
    (mine,) = (each for each in cases if isinstance(each, dict) and each["acn"] == first)
    assert (mine["outcome"], mine["open_to_you"]) == (None, False)
    rows = (await done(terminal, "earlier", second, "--as", "defense", "--csv")).out.splitlines()
    assert rows[0] == "ACN,party,filed,outcome,decided"
    assert any(row.startswith(f"{first},") for row in rows)
    assert first in (await done(terminal, "earlier", second, "--as", "defense")).out
    read = (await done(terminal, "readings", first)).out
    assert "earlier" in read


async def test_an_intent_to_deny_until_it_is_averted(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    denial = ("--as", "olga", "--reasons", "Diversion risk", "--modifications", "Leave out the router")
    await done(terminal, "recommend", acn, "deny", *denial)
    await done(terminal, "countersign", acn, "--as", "carla")
    await done(terminal, "sign-off", acn, "--as", "vera")
    early = await terminal.starter("appeal", acn, "Unfair", "--as", "acme")
    assert "refused: wrong_stage: " in early.err
    shown = (await done(terminal, "show", acn)).out
    assert "Leave out the router" in shown
    said = await done(terminal, "respond", acn, "We agree", "--accept-modifications", "--as", "acme")
    assert "review" in said.out
    shown = (await done(terminal, "show", acn)).out
    assert "We agree" in shown


async def temporal(served: str, terminal: Terminal) -> Client:
    found = re.search(r"TEMPORAL_ADDRESS=(\S+)", served)
    assert found is not None, served
    sealing = Settings(data=terminal.data).sealing(make=False)
    return await Client.connect(found[1], data_converter=data_converter(sealing))


async def test_a_reprieve_is_shown_and_taken_over_from_the_log(served: str, terminal: Terminal) -> None:
    client = await temporal(served, terminal)
    await filed(terminal)  # With the first command the development officers are there.
    vera = LicensingClient(client, Keyring(terminal.data / "keys").signer("vera"))
    stream = (await vera.open_reprieve("rural", opening(30))).stream
    shown = (await done(terminal, "show", stream)).out
    assert "running" in shown
    assert "reprieve opened" in (await done(terminal, "history", stream)).out.lower()
    await client.get_workflow_handle(stream).terminate()
    assert (await done(terminal, "resume", "--all", "--json")).json == [stream]
    assert (await vera.status(stream)).status.stage == "running"


async def test_what_temporal_lost_is_taken_over_from_the_log(served: str, terminal: Terminal) -> None:
    acn = await filed(terminal)
    client = await temporal(served, terminal)
    await client.get_workflow_handle(f"application-{acn}").terminate()
    silent = await terminal.starter("assign", acn, "olga", "--as", "olga")
    assert silent.code == 3, silent.err
    started = (await done(terminal, "resume", "--all", "--json")).json
    assert started == [f"application-{acn}"]
    assert "0 workflows started" in (await done(terminal, "resume", acn)).out
    await done(terminal, "assign", acn, "olga", "--as", "olga")
    assert (await terminal.starter("resume")).code == 2
    for command in ("resume", "letters"):
        unknown = await terminal.starter(command, "A999999")
        assert (unknown.code, unknown.out) == (1, "")
        assert unknown.err == "refused: no_such_case: there is no application-A999999\n"


def saved(folder: Path, ending: str) -> list[Path]:
    """Files, by the numbers of their events."""
    return sorted(folder.glob(f"*.{ending}"), key=lambda file: (len(file.name), file.name))


async def checked_outside(*words: str) -> str:
    """The word of the example's program, which has nothing of ours but the keys."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "examples/verify_proof.py", *words), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


async def test_every_event_of_a_case_is_proven(served: str, terminal: Terminal, tmp_path: Path) -> None:
    acn = await filed(terminal)
    # They are published within seconds.
    while (await terminal.starter("proof", acn, "--save", str(tmp_path))).code == 1:
        pass
    history = (await done(terminal, "history", acn, "--json")).json
    assert isinstance(history, list)
    proofs = saved(tmp_path, "tlog-proof")
    assert len(proofs) >= len(history) > 0
    keys = str(terminal.data / "tiles/keys.txt")
    for number, file in enumerate(proofs, 1):
        said = await checked_outside(str(file), "--log", keys, "--without-auditor")
        assert said.startswith(f"application-{acn}, event {number}, recorded ")
    assert (await terminal.starter("proof", acn, "--event", "999")).code == 1


async def test_an_id_on_which_a_foreign_workflow_sits_is_taken_back(served: str, terminal: Terminal) -> None:
    """Of our type, and put off for ten years: no list tells it from one of ours."""
    acn = await filed(terminal)
    stream, client = f"application-{acn}", await temporal(served, terminal)
    await client.get_workflow_handle(stream).terminate()
    theirs = await client.start_workflow(
        "LicenseApplication",
        {"resume": True},
        id=stream,
        task_queue=TASK_QUEUE,
        start_delay=timedelta(days=3650),
    )
    said = await done(terminal, "resume", acn)
    assert f"{stream} was taken back from a foreign workflow: it is not to begin before 20" in said.err
    assert f"{stream} (taken back)" in said.out
    first = client.get_workflow_handle(stream, run_id=theirs.first_execution_run_id)
    assert (await first.describe()).status is WorkflowExecutionStatus.TERMINATED
    await done(terminal, "assign", acn, "olga", "--as", "olga")
    assert "0 workflows started" in (await done(terminal, "resume", acn)).out


async def test_a_letter_is_listed_and_saved(served: str, terminal: Terminal, tmp_path: Path) -> None:
    acn = await filed(terminal)
    arguments = (acn, "license_not_required", "--as", "olga", "--reasons", "EAR99")
    await done(terminal, "return-without-action", *arguments)
    listed = await done(terminal, "letters", acn)
    while "not yet, due" in listed.out:
        await asyncio.sleep(0.2)
        listed = await done(terminal, "letters", acn)
    assert "return without action" in listed.out
    # Its event is published within seconds.
    while not saved(tmp_path, "tlog-proof"):
        await done(terminal, "letters", acn, "--save", str(tmp_path))
    [letter], [beside] = saved(tmp_path, "pdf"), saved(tmp_path, "tlog-proof")
    assert letter.read_bytes().startswith(b"%PDF-")
    assert letter.stem == beside.stem
    keys = str(terminal.data / "tiles/keys.txt")
    said = await checked_outside(str(beside), "--log", keys, "--without-auditor")
    assert said.startswith(f"application-{acn}, event ")
    assert '"type": "ApplicationReturned"' in said
    checked = await done(terminal, "letters", acn, "--check")
    assert "1 letters: made again" in checked.out
    assert (await terminal.starter("letters", "--save", str(tmp_path))).code == 2
    assert isinstance((await done(terminal, "letters", "--json")).json, list)
