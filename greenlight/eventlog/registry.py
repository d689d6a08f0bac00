"""The register of officers: commands to it are decided and recorded at once, without a workflow."""

from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import ValidationError

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import ReadCommand, SignedCommand, read_command
from greenlight.kernel.clock_kind import Kind, clock_objection
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Event, Proof, Receipt, Recorded
from greenlight.kernel.forms import form_objection
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal, RefusalCode, first_problem
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.officer.commands import AddOfficer
from greenlight.law.officer.state import OfficerState, Stage

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


async def execute(
    recorder: Recorder, officer: str, name: str, command: SignedCommand, *, now: Clock = utc_now
) -> Receipt | Refusal:
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
        decided = _decide(state, officer, read, now())
        events = (_refused(read, decided, now()),) if isinstance(decided, Refusal) else decided
        said = await recorder.record(
            Commit(
                proof=Proof(token=read.token, claims=read.claims),
                appends=(_append(state, version, officer, events),),
                refuses=isinstance(decided, Refusal),
            )
        )
        if said.status == "duplicate" or (said.status == "recorded" and not isinstance(decided, Refusal)):
            return _receipt(officer, read.claims.jti, said)
        if said.status != "behind":
            return decided if isinstance(decided, Refusal) and said.code is None else _refusal(said)


async def bootstrap(
    recorder: Recorder, officer: str, body: AddOfficer, *, now: Clock = utc_now
) -> Receipt | Refusal:
    """Register the first officer, a registrar; refused (``unsigned``) as soon as there is any officer.

    :raises LogUnavailableError: it is not known whether the officer was registered.
    """
    # While there is nobody, nobody can be asked for a role.
    events = OFFICER.rule(None, Command(key=officer, body=body, by=None), now())
    if isinstance(events, Refusal):
        return events
    append = _append(None, 0, officer, events)
    said = await recorder.record(Commit(proof=None, appends=(append,)))
    return _receipt(officer, "bootstrap", said) if said.status == "recorded" else _refusal(said)


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
        body = OFFICER.commands[read.name].model_validate_json(read.content)
    except ValidationError as error:
        return Refusal(RefusalCode.MALFORMED, first_problem(error))
    if objection := form_objection(body, read.claims.body):
        return objection
    decision = OFFICER.decide(state, Command(key=officer, body=body, by=read.claims.actor), now)
    assert not isinstance(decision, Need), "the register needs no facts from elsewhere"
    return decision


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


def _receipt(officer: str, command_id: str, said: Recorded) -> Receipt:
    return Receipt(
        stream=officer_stream(officer),
        command_id=command_id,
        stage=Stage.REGISTERED,
        version=said.version,
        position=said.position,
        dossier=None,
        duplicate=said.status == "duplicate",
    )


def _refusal(said: Recorded) -> Refusal:
    code = said.code or RefusalCode.OFFICER_EXISTS
    return Refusal(code, said.message or code.meaning)
