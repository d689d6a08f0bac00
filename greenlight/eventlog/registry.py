"""The register of officers: commands to it are decided and recorded at once, without a workflow."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import ValidationError

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import ReadCommand, SignedCommand, read_command
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import canonical
from greenlight.kernel.clock_kind import Kind, clock_objection
from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Event, Proof, Receipt, Recorded
from greenlight.kernel.model import Digest
from greenlight.kernel.need import Need
from greenlight.kernel.problems import problems
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.streams import officer_stream
from greenlight.kernel.written import form_objection
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.officer.commands import AddOfficer, Asked
from greenlight.law.officer.decide import found
from greenlight.law.officer.events import ChangeProposed, as_sent
from greenlight.law.officer.possession import new_key
from greenlight.law.officer.state import OfficerState, Stage
from greenlight.signing.algorithm import ProofError
from greenlight.signing.possession import check


async def execute(recorder: Recorder, officer: str, name: str, command: SignedCommand) -> Receipt | Refusal:
    """Carry out a registrar's command about ``officer``; ``name`` is one of the register's commands.

    A refusal is on record, except of a command that was not signed for this at all.

    :raises LogUnavailableError: it is not known whether the command was recorded; send it again.
    """
    known = OFFICER.commands.get(name)
    if known is None:
        names = ", ".join(OFFICER.commands)
        return Refusal(RefusalCode.UNKNOWN_COMMAND, f"there is no such command here; known: {names}")
    read = read_command(known.declared, officer_stream(officer), command)
    if isinstance(read, Refusal):
        return read
    # Proofs are checked by the time of day, and so is what they are checked against: in rehearsals, too.
    if objection := clock_objection(Kind.PRODUCTION, command.at):
        return objection
    while True:
        state, version = await load(recorder, officer)
        # What ends now has ended for everybody: by the one clock that proofs are held against.
        now = await recorder.now()
        decided = _decide(state, officer, read, now)
        events = (_refused(read, decided, now),) if isinstance(decided, Refusal) else decided
        said = await recorder.record(
            Commit(
                proof=Proof(token=read.token, claims=read.claims),
                appends=(_append(state, version, officer, events),),
                refuses=isinstance(decided, Refusal),
            )
        )
        if said.status == "duplicate" or (said.status == "recorded" and not isinstance(decided, Refusal)):
            after, _ = await load(recorder, officer)
            assert after is not None, "what was accepted is on record"
            return _receipt(officer, read.claims.jti, after.stage, said)
        if said.status != "behind":
            return decided if isinstance(decided, Refusal) and said.code is None else _refusal(said)


async def bootstrap(recorder: Recorder, officers: Mapping[str, AddOfficer]) -> Receipt | Refusal:
    """Register the first officers, by their ids, in one commit: registrars, of whom there are two or more.

    Refused (``unsigned``) as soon as there is any officer. The receipt is the first one's.

    :raises LogUnavailableError: it is not known whether they were registered.
    """
    events = found(officers, await recorder.now())
    if isinstance(events, Refusal):
        return events
    for officer, body in officers.items():
        if refusal := _not_held(None, officer, body):
            return refusal
    appends = tuple(_append(None, 0, event.officer, (event,)) for event in events)
    said = await recorder.record(Commit(proof=None, appends=appends))
    if said.status != "recorded":
        return _refusal(said)
    return _receipt(events[0].officer, "bootstrap", Stage.REGISTERED, said)


async def proposed_by(recorder: Recorder, receipt: Receipt) -> Digest:
    """The digest of the change that an accepted command proposed, by which another registrar confirms it."""
    page = await recorder.read_stream(receipt.stream, receipt.version - 1, 1)
    event = OFFICER.read(page.records[0])
    assert isinstance(event, ChangeProposed), "only what adds something is asked about"
    return event.change


async def load(recorder: Recorder, officer: str) -> tuple[OfficerState | None, int]:
    """An officer as registered now, None if there is none, and the version of the stream."""
    state, version, more = None, 0, True
    while more:
        page = await recorder.read_stream(officer_stream(officer), version)
        state, version, more = OFFICER.replay(state, page.records), version + len(page.records), page.more
    return state, version


def _decide(
    state: OfficerState | None, officer: str, read: ReadCommand, now: datetime
) -> tuple[Event, ...] | Refusal:
    try:
        body = OFFICER.commands[read.name].model_validate_json(read.content, context=ENTERED)
    except ValidationError as error:
        return Refusal(RefusalCode.MALFORMED, problems(error))
    if objection := form_objection(body, read.claims.body):
        return objection
    decision = OFFICER.decide(state, Command(key=officer, body=body, by=read.claims.actor), now)
    assert not isinstance(decision, Need), "the register needs no facts from elsewhere"
    if isinstance(decision, Refusal):
        return decision
    if isinstance(body, Asked) and canonical(as_sent(body)) != read.content:
        return Refusal(
            RefusalCode.MALFORMED, "instants are given as the log writes them: 2026-09-01T14:00:00Z"
        )
    return _not_held(state, officer, body) or decision


def _not_held(state: OfficerState | None, officer: str, body: Body) -> Refusal | None:
    """Say why nothing shows that a new key is held, if so. The law says what has to be signed with it."""
    new = new_key(officer, state, body)
    if new is None:
        return None
    try:
        check(new)
    except ProofError as error:
        return Refusal(RefusalCode.KEY_NOT_HELD, f"the proof that the new key is held: {error}")
    return None


def _refused(read: ReadCommand, refusal: Refusal, now: datetime) -> CommandRefused:
    return CommandRefused(
        at=now,
        by=read.claims.actor,
        command=read.name,
        command_id=read.claims.jti,
        code=refusal.code,
        message=refusal.message,
    )


def _append(state: OfficerState | None, version: int, officer: str, events: tuple[Event, ...]) -> Append:
    for event in events:
        state = OFFICER.apply(state, event)
    return Append(
        stream=officer_stream(officer),
        expected_version=version,
        events=tuple(event.record() for event in events),
        view=OFFICER.view(state, version + len(events)) if state else None,
    )


def _receipt(officer: str, command_id: str, stage: Stage, said: Recorded) -> Receipt:
    return Receipt(
        stream=officer_stream(officer),
        command_id=command_id,
        stage=stage,
        version=said.version,
        position=said.position,
        dossier=None,
        duplicate=said.status == "duplicate",
    )


def _refusal(said: Recorded) -> Refusal:
    code = said.code or RefusalCode.OFFICER_EXISTS
    return Refusal(code, said.message or code.meaning)
