"""Checking a log: who signed what alone, and all of it, decided once more by the law."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench.histories import APPLICATION
from greenlight.audit.walk import Audit, audit
from greenlight.cli.operations.development import REGISTRARS, carried_out, registration
from greenlight.client.signer import Signer, as_json
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.registry import bootstrap
from greenlight.kernel.authority import read_claims
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Event, Proof
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION as CASE
from greenlight.law.application.commands import (
    Answer,
    Assign,
    Countersign,
    Outcome,
    Recommend,
    RequestInformation,
    Submit,
)
from greenlight.law.application.dossier import Finding, Screening
from greenlight.law.application.needs import (
    LicenseNumber,
    RememberedOf,
    RolesOf,
    ScreeningOf,
    UnclassifiedAmong,
    WhyNotRequired,
)
from greenlight.law.application.state import ApplicationState
from greenlight.signing.keys import SigningKey

CASES = 1_500
AT_ONCE = 16
"""Cases that go on beside each other in the log."""

STEPS: Sequence[tuple[str, Body]] = (
    ("applicant", Submit(application=APPLICATION)),
    ("officer", Assign(officer="officer")),
    ("officer", RequestInformation(request="Who operates the network?")),
    ("applicant", Answer(answer="The municipality.")),
    ("officer", Recommend(outcome=Outcome.GRANT, reasons="Civil end use.")),
    ("countersigner", Countersign(agrees=True)),
)
ROLES = {
    "applicant": Role.APPLICANT,
    "officer": Role.LICENSING_OFFICER,
    "countersigner": Role.COUNTERSIGNER,
}


@dataclass(slots=True)
class _Case:
    acn: str
    state: ApplicationState | None = None
    version: int = 0


async def measure(dsn: str) -> dict[str, float]:
    """Events a second, by as many processes as there are processors. ``dsn`` names an empty database."""
    await migrate(dsn)
    async with Recorder(dsn) as recorder:
        signers = await _registered(recorder)
        cases = [_Case(f"A{number:06}") for number in range(1, CASES + 1)]
        for first in range(0, CASES, AT_ONCE):
            part = cases[first : first + AT_ONCE]
            await asyncio.gather(*(_lived(recorder, signers, case) for case in part))
    signed, signatures = await _timed(dsn, law=False)
    whole, all_of_it = await _timed(dsn, law=True)
    assert (signed.faults, whole.faults) == ((), ()), whole.faults[:3]
    return {
        "verify_signed_events_per_second": signed.head.position / signatures,
        "audit_events_per_second": whole.head.position / all_of_it,
    }


async def _timed(dsn: str, *, law: bool) -> tuple[Audit, float]:
    began = time.perf_counter()
    return await audit(dsn, law=law), time.perf_counter() - began


async def _registered(recorder: Recorder) -> dict[str, Signer]:
    log = await recorder.log_name()
    signers = {name: _signer(name, log) for name in (*REGISTRARS, *ROLES)}
    first, second = (signers[name] for name in REGISTRARS)
    founders = {name: registration(signers[name], (Role.REGISTRAR,)) for name in REGISTRARS}
    assert not isinstance(said := await bootstrap(recorder, founders), Refusal), said
    for name, role in ROLES.items():
        asked = registration(signers[name], (role,))
        said = await carried_out(recorder, name, asked, (first, second))
        assert not isinstance(said, Refusal), said
    return signers


def _signer(name: str, log: str) -> Signer:
    house = "acme" if name == "applicant" else "agency"
    return Signer(name, f"p-{name}", house, SigningKey.generate(), log)


async def _lived(recorder: Recorder, signers: dict[str, Signer], case: _Case) -> None:
    for name, said in STEPS:
        body = said
        if isinstance(said, Submit):
            filed = said.application.model_copy(update={"reference": case.acn})
            body = said.model_copy(update={"application": filed})
        await _sent(recorder, signers[name], ROLES[name], case, body)


async def _sent(recorder: Recorder, signer: Signer, role: Role, case: _Case, body: Body) -> None:
    stream = application_stream(case.acn)
    dossier = digest(CASE.dossier(case.state)) if case.state and body.declared.decision else None
    token = signer.sign(body.declared.name, stream, as_json(body), role=role, dossier=dossier).token
    claims = read_claims(token)
    assert not isinstance(claims, Refusal)
    command: Command[Body] = Command(key=case.acn, body=body, by=claims.actor, dossier=dossier)
    while isinstance(decided := CASE.decide(case.state, command, datetime.now(UTC)), Need):
        command = command.knowing(decided, await _known(recorder, decided))
    assert not isinstance(decided, Refusal), decided
    await _recorded(recorder, case, decided, Proof(token=token, claims=claims))


async def _known(recorder: Recorder, need: Need[Any]) -> object:
    match need:
        case LicenseNumber(acn=acn):
            return await recorder.reserve_license_number(application_stream(acn))
        case ScreeningOf(parties=parties):
            findings = tuple(Finding(party=place, outcome="no_match") for place in range(len(parties)))
            return Screening(list_version=digest("a list"), findings=findings)
        case RolesOf():
            return frozenset({Role.LICENSING_OFFICER})
        case RememberedOf():
            return ()
        case UnclassifiedAmong() | WhyNotRequired():
            return None
        case _:
            raise TypeError(f"{need} is not asked here")


async def _recorded(recorder: Recorder, case: _Case, events: tuple[Event, ...], proof: Proof) -> None:
    state = case.state
    for event in events:
        state = CASE.evolve(state, event)
    assert state is not None
    version = case.version + len(events)
    own = Append(
        stream=application_stream(case.acn),
        expected_version=case.version,
        events=tuple(event.record() for event in events),
        view=CASE.view(state, version),
    )
    others = CASE.consequences(state, events)
    said = await recorder.record(Commit(proof=proof, appends=(own, *others), directives=0))
    assert said.status == "recorded", said
    case.state, case.version = state, version
