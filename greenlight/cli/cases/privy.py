"""Names of parties for whom the case is open to, each reading noted."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from greenlight.cli.base.send import roles_at
from greenlight.cli.base.session import Session
from greenlight.kernel.roles import LICENSING, Role
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION

if TYPE_CHECKING:
    from greenlight.answers.caller import Caller
    from greenlight.eventlog.read import Reader


class PartyNames(NamedTuple):
    """The applicant, and each party with its country."""

    applicant: str
    parties: tuple[str, ...]


async def parties_of(
    session: Session, reader: "Reader", officer: str, acns: Sequence[str]
) -> Mapping[str, PartyNames]:
    """By stream, the parties of those cases that are open to an officer, who shows by their key who they are.

    What cannot be noted as a reading is not shown.

    :raises Refused: the register does not know the key, or the officer has no role.
    """
    from greenlight.answers.scope import Scope
    from greenlight.eventlog.access import AccessLog

    caller = await proven_reader(session, reader, officer)
    async with Scope(session.database_url) as scope, AccessLog(session.database_url) as access:
        may = await scope.readable(caller, [application_stream(acn) for acn in acns])
        await access.note_all(caller, sorted(may), "parties")
        return {stream: await _names(reader, stream) for stream in may}


async def proven_reader(session: Session, reader: "Reader", officer: str) -> "Caller":
    """An officer who shows by their key who they are, in the widest role that they hold.

    :raises Refused: the register does not know the key, or the officer has no role.
    """
    from greenlight.answers.caller import Callers
    from greenlight.client import Refused
    from greenlight.kernel.refusal import Refusal, RefusalCode

    signer = await session.signer(officer)
    role = await _widest(reader, officer)
    if role is None:
        raise Refused(RefusalCode.ROLE_NOT_HELD, f"{officer} holds no role now")
    async with Callers(session.database_url) as callers:
        caller = await callers.proven(f"Bearer {signer.reading(role)}")
    if isinstance(caller, Refusal):
        raise Refused(caller.code, caller.message)
    return caller


async def _widest(reader: "Reader", officer: str) -> Role | None:
    """Of the roles that an officer holds now, one to whom every case is open, or else any."""
    now = datetime.now(UTC)
    held = {role for row in await reader.officers(officer) for role in roles_at(row, now)}
    return min(held & LICENSING or held, default=None)


async def _names(reader: "Reader", stream: str) -> PartyNames:
    # One that goes on with what cannot be read here is told as it was before.
    state, _ = APPLICATION.known_state([event.record async for event in reader.stream(stream)])
    if state is None:
        return PartyNames("–", ())
    parties = tuple(f"{party.name} ({party.country})" for party in state.parties)
    return PartyNames(state.submission.applicant, parties)
