"""A passkey from its card to a proof that strangers check, with the command line and nothing else of ours."""

import asyncio
import sys
from pathlib import Path

import pytest

from greenlight.client import Keyring
from greenlight.client.signer import as_json, command_claims
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.application.commands import SignOff
from greenlight.law.officer.card import Card
from greenlight.law.officer.possession import Possession
from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done, filed, temporal
from tests.signing.authenticator import ALGORITHMS, PARTY, Algorithm, Authenticator


async def checked_outside(*words: str) -> tuple[int, str]:
    """The word of the example's program."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "examples/verify_proof.py", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def proven(terminal: Terminal, stream: str, event: int, folder: Path) -> Path:
    """The proof of an event, which is published within seconds."""
    words = ("proof", stream, "--event", str(event), "--save", str(folder))
    while (await terminal.starter(*words)).code == 1:
        pass
    return folder / f"{stream}-{event}.tlog-proof"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_from_the_card_to_the_proof(
    served: str, terminal: Terminal, algorithm: Algorithm, tmp_path: Path
) -> None:
    acn = await filed(terminal)
    by, name = Authenticator(algorithm), f"pia-{algorithm.lower()}"
    pia = Actor(officer=name, person=f"p-{name}", organisation="agency", role=Role.EXECUTIVE)
    says = Possession(
        stream=officer_stream(name), person=pia.person, organisation=pia.organisation, roles=(pia.role,)
    )
    card = tmp_path / "card.json"
    given = Card(
        officer=name,
        person=pia.person,
        organisation=pia.organisation,
        roles=(pia.role,),
        public_key=by.key,
        possession=by.sign(says.content),
    )
    card.write_text(given.model_dump_json())
    proposed = (await done(terminal, "officer", "add", str(card), "--as", "registrar", "--json")).json
    assert isinstance(proposed, dict)
    waits = (await done(terminal, "officer", "list")).out
    assert f"the passkey {by.key.kid} for {PARTY.origin}" in " ".join(waits.split())
    await done(terminal, "officer", "confirm", name, str(proposed["change"]), "--as", "deputy")

    await done(terminal, "recommend", acn, "grant", "--as", "olga", "--reasons", "Civil use")
    await done(terminal, "countersign", acn, "--as", "carla")
    client, stream = await temporal(served, terminal), f"application-{acn}"
    handle = client.get_workflow_handle(stream, result_type=CaseStatus)
    case = await handle.query("status", result_type=CaseStatus)
    log = Keyring(terminal.data / "keys").log
    assert log is not None
    body = SignOff(approves=True)
    claims = command_claims(pia, log, "sign_off", stream, body, dossier=case.dossier)
    command = SignedCommand(token=by.sign(claims.content), body=as_json(body))
    # One of the SDK's overloads leaves a type open; the one used here does not.
    receipt: Receipt = await handle.execute_update(  # pyright: ignore[reportUnknownMemberType]
        "sign_off", command, result_type=Receipt
    )

    verified = (await done(terminal, "verify", "--json")).json
    assert isinstance(verified, dict)
    assert verified["sound"] is True
    proof = await proven(terminal, stream, receipt.version, tmp_path)
    registered = await proven(terminal, officer_stream(name), 2, tmp_path)
    keys = ("--log", str(terminal.data / "tiles/keys.txt"), "--without-auditor")
    code, out = await checked_outside(str(proof), *keys, "--registered", str(registered))
    assert code == 0, out
    assert f"signed by {name} as executive: sign_off to {stream}" in out
    code, out = await checked_outside(str(proof), *keys, "--registered", str(proof))
    assert code == 1, out
    other = await proven(terminal, officer_stream("vera"), 2, tmp_path)
    code, out = await checked_outside(str(proof), *keys, "--registered", str(other))
    assert (code, "does not hold" in out) == (1, True), out
