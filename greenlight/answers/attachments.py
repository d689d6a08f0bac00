"""The attachments of a case: which its filing names, which of them are there, and the bytes."""

from typing import NamedTuple

from greenlight.answers.caller import Caller
from greenlight.answers.readings import no_such_case, opened, told
from greenlight.answers.scope import Scope
from greenlight.attached.store import Store
from greenlight.eventlog.access import AccessLog
from greenlight.eventlog.read import Reader
from greenlight.kernel.authority import StreamId
from greenlight.kernel.model import Model
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.attachments import Attachment


class Named(Attachment):
    """An attachment with its number in the filing, from 1, and whether its bytes were brought."""

    number: int
    there: bool


class Attached(Model):
    """The attachments that the filing of a case names."""

    stream: StreamId
    attachments: tuple[Named, ...]


class Sources(NamedTuple):
    """All that is asked for attachments."""

    reader: Reader
    scope: Scope
    access: AccessLog
    store: Store


class Document(NamedTuple):
    """An attachment with its bytes, and the name of a file for it, which says nothing of what is in it."""

    named: Attachment
    content: bytes
    file: str


async def attached(of: Sources, caller: Caller, stream: str) -> Attached | Refusal:
    """The attachments of a case that is open to the caller, noted as a reading."""
    named = await _named(of, caller, stream)
    if isinstance(named, Refusal):
        return named
    await of.access.note(caller, stream, "attachments")
    found = [
        Named(**dict(each), number=number, there=await of.store.has(stream, each))
        for number, each in enumerate(named, 1)
    ]
    return Attached(stream=stream, attachments=tuple(found))


async def document(of: Sources, caller: Caller, stream: str, number: int) -> Document | Refusal:
    """An attachment with its bytes, noted as a reading before anything is shown.

    :raises StoreError: the store does not give them as they were put there.
    """
    named = await _one(of, caller, stream, number)
    if isinstance(named, Refusal):
        return named
    await of.access.note(caller, stream, "attachment")
    content = await of.store.get(caller.log, stream, named)
    if content is None:
        problem = f"the bytes of attachment {number} were not brought yet"
        return Refusal(RefusalCode.NO_SUCH_ATTACHMENT, problem)
    return Document(named, content, f"{stream_key(stream)}-{number}{named.type.suffix}")


async def awaited(of: Sources, caller: Caller, stream: str, number: int) -> Attachment | Refusal:
    """The attachment whose bytes the caller may bring, for the applicant."""
    if caller.role is not Role.APPLICANT:
        return Refusal(RefusalCode.WRONG_ROLE, f"the applicant brings attachments, and not {caller.role}")
    return await _one(of, caller, stream, number)


async def _one(of: Sources, caller: Caller, stream: str, number: int) -> Attachment | Refusal:
    named = await _named(of, caller, stream)
    if isinstance(named, Refusal):
        return named
    if not 1 <= number <= len(named):
        problem = f"the filing names {len(named)} attachments; there is no attachment {number}"
        return Refusal(RefusalCode.NO_SUCH_ATTACHMENT, problem)
    return named[number - 1]


async def _named(of: Sources, caller: Caller, stream: str) -> tuple[Attachment, ...] | Refusal:
    kind = await opened(of.scope, caller, stream)
    if isinstance(kind, Refusal):
        return kind
    if kind is not APPLICATION:
        return no_such_case(stream)
    case = await told(of.reader, APPLICATION, stream)
    return case if isinstance(case, Refusal) else case.state.submission.attachments
