"""Readings of one case, from the log: how it stands, what it rests on, what happened, letters, proofs.

Whoever acts for an applicant or licensee reads what they sent and what they were told, and not what officers
and departments said among themselves.
"""

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, Field
from starlette.responses import Response

from greenlight.answers import readings
from greenlight.answers.caller import Caller
from greenlight.answers.earlier import TOLD_TO, Earlier, earlier
from greenlight.answers.letters import letters_told
from greenlight.door.operation import Asked, Operation, answered
from greenlight.eventlog.letters import Listed
from greenlight.eventlog.prove import UnprovableError
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.authority import StreamId
from greenlight.kernel.messages import CaseStatus, Deadlines
from greenlight.kernel.model import Digest, Instant, JsonObject, Model
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import LICENSING, Role
from greenlight.law.application.clock.days import Days, days
from greenlight.law.registry import AnyAggregate
from greenlight.law.told import told_to
from greenlight.serving.house import POSITION
from greenlight.serving.problems import Problem, malformed, no_such_case, of_refusal, unavailable

STREAM = {"stream": r"[a-z]+-[A-Za-z0-9._-]{1,80}"}
APPLICATIONS = {"stream": r"application-[A-Z][0-9]{6}"}
PDF = "application/pdf"
TLOG_PROOF = "text/plain"
PAGE_EVENTS = 200
MAX_VERSION = 2**31 - 1

Position = Annotated[
    int | None,
    Field(ge=0, le=2**53 - 1, description="Answer once the log is at this position, as a receipt gives it."),
]


class Now(Model):
    position: Position = None


class Then(Now):
    """``as_of``: in law; ``known_at``: by what was on record."""

    as_of: Annotated[Instant | None, Field(description="As it was in law at this instant.")] = None
    known_at: Annotated[Instant | None, Field(description="By what was on record at this instant.")] = None


class Pages(Then):
    after: Annotated[int, Field(ge=0, le=MAX_VERSION, description="Events behind this one.")] = 0
    limit: Annotated[int, Field(ge=1, le=PAGE_EVENTS)] = PAGE_EVENTS


class Happened(Model):
    """An event: its number in the stream, its place in the log, when it was in law and when it was recorded,
    and the event itself."""

    version: int
    position: int
    type: str
    at: Instant
    recorded_at: Instant
    command_id: str | None
    event: JsonObject


class History(Model):
    """A page of a case's events; ``after``: ask for those behind it, None: there are no more."""

    stream: StreamId
    events: tuple[Happened, ...]
    after: int | None


class Dossier(Model):
    """The dossier that a decision rests on, and its digest, which the decision names. ``whole`` False: what
    is left out is not for applicants and licensees, and the digest is that of the whole."""

    digest: Digest
    dossier: JsonObject
    whole: bool


class Letters(Model):
    letters: tuple[Listed, ...]


async def opened(asked: Asked, stream: str) -> AnyAggregate:
    """The kind of a stream that the caller may read.

    :raises Problem: there is none, or none that they may know of.
    """
    kind = await readings.opened(asked.house.scope, asked.caller, stream)
    if isinstance(kind, Refusal):
        raise of_refusal(kind)
    return kind


async def note(asked: Asked, stream: str, aggregate: AnyAggregate, what: str) -> None:
    """Note that the caller reads something of a stream, unless everybody may."""
    if aggregate.open_to != frozenset(Role):
        await asked.house.access.note(asked.caller, stream, what)


def is_party(caller: Caller) -> bool:
    """Tell whether somebody reads for an applicant or licensee."""
    return caller.role is Role.APPLICANT


async def unchanged(asked: Asked, stream: str) -> Response | None:
    """The answer to who has the present version already, and asks for that. Nothing is shown by it."""
    known = asked.request.headers.get("if-none-match")
    if known is None or asked.request.query_params.keys() & {"as_of", "known_at"}:
        return None
    tag = _tag(await asked.house.reader.version(stream), asked)
    return Response(status_code=304, headers={"ETag": tag}) if tag in _tags(known) else None


def _tags(header: str) -> list[str]:
    return [each.strip().removeprefix("W/") for each in header.split(",")]


def _tag(version: int, asked: Asked) -> str:
    """An applicant reads something else of the same version than an officer."""
    return f'"{version}{"-party" if is_party(asked.caller) else ""}"'


async def told(asked: Asked, aggregate: AnyAggregate, stream: str) -> readings.Told:
    """The state of a case, now or then.

    :raises Problem: there was none; or it goes on with what only a newer release can read.
    """
    query: Now = asked.query
    until, known = (query.as_of, query.known_at) if isinstance(query, Then) else (None, None)
    case = await readings.told(asked.house.reader, aggregate, stream, until=until, known=known)
    if isinstance(case, Refusal):
        raise of_refusal(case)
    return case


async def _events(asked: Asked, stream: str, after: int = 0) -> AsyncGenerator[StoredEvent]:
    async for event in asked.house.reader.stream(stream, after):
        yield event


async def _of_case(
    asked: Asked, what: str, answer: Callable[[AnyAggregate, str, readings.Told], BaseModel]
) -> Response:
    """An answer about a case, now or then, noted as a reading; or that the caller has it already."""
    stream = asked.path["stream"]
    aggregate = await opened(asked, stream)
    if same := await unchanged(asked, stream):
        return same
    case = await told(asked, aggregate, stream)
    await note(asked, stream, aggregate, what)
    return answered(answer(aggregate, stream, case), {"ETag": _tag(case.version, asked)})


async def _status(asked: Asked) -> Response:
    return await _of_case(asked, "status", readings.status_of)


async def _dossier(asked: Asked) -> Response:
    def dossier(aggregate: AnyAggregate, _: str, case: readings.Told) -> Dossier:
        whole = aggregate.dossier(case.state)
        shown = (
            {name: value for name, value in whole.items() if name in aggregate.told_to_parties}
            if is_party(asked.caller)
            else whole
        )
        return Dossier(
            digest=aggregate.dossier_digest(case.state), dossier=shown, whole=shown.keys() == whole.keys()
        )

    return await _of_case(asked, "dossier", dossier)


async def _deadlines(asked: Asked) -> Response:
    def deadlines(aggregate: AnyAggregate, _: str, case: readings.Told) -> Deadlines:
        return Deadlines(deadlines=aggregate.deadlines(case.state))

    return await _of_case(asked, "deadlines", deadlines)


async def _days(asked: Asked) -> Response:
    """Without a tag: the days become more, while the case has the same version."""
    stream, query = asked.path["stream"], asked.query
    aggregate = await opened(asked, stream)
    case = await told(asked, aggregate, stream)
    await note(asked, stream, aggregate, "days")
    return answered(days(case.state, query.as_of or datetime.now(UTC)))


async def _earlier(asked: Asked) -> Response:
    """Without a tag: other cases change it."""
    found = await earlier(asked.house.of_earlier, asked.caller, asked.path["stream"])
    if isinstance(found, Refusal):
        raise of_refusal(found)
    return answered(found)


async def _history(asked: Asked) -> Response:
    stream, query = asked.path["stream"], asked.query
    aggregate = await opened(asked, stream)
    found: list[Happened] = []
    more = False
    async for event in _events(asked, stream, query.after):
        if (query.as_of and event.at > query.as_of) or (
            query.known_at and event.recorded_at > query.known_at
        ):
            continue
        if not told_to(asked.caller, stream, event.type, event.content):
            continue
        if more := len(found) == query.limit:
            break
        found.append(_happened(event))
    if not found and query.after == 0:
        raise no_such_case(stream)
    await note(asked, stream, aggregate, "history")
    answer = History(stream=stream, events=tuple(found), after=found[-1].version if more else None)
    return answered(answer)


def _happened(event: StoredEvent) -> Happened:
    return Happened(
        version=event.version,
        position=event.position,
        type=event.type,
        at=event.at,
        recorded_at=event.recorded_at,
        command_id=event.command_id,
        event=event.content,
    )


async def _letters(asked: Asked) -> Response:
    stream = asked.path["stream"]
    aggregate = await opened(asked, stream)
    found = await letters_told(asked.house.box, asked.house.reader, asked.caller, stream)
    if not found and not await asked.house.reader.version(stream):
        raise no_such_case(stream)
    await note(asked, stream, aggregate, "letters")
    return answered(Letters(letters=found))


async def _letter(asked: Asked) -> Response:
    stream, letter_id = asked.path["stream"], asked.path["letter"]
    aggregate = await opened(asked, stream)
    absent = Problem(404, "no_such_letter", f"{letter_id} is not a letter of {stream} that was made")
    found = await letters_told(asked.house.box, asked.house.reader, asked.caller, stream)
    if letter_id not in {each.letter_id for each in found}:
        raise absent
    stored = await asked.house.box.letter(letter_id)
    if stored is None:
        raise absent
    await note(asked, stream, aggregate, "letter")
    headers = {
        "ETag": f'"{stored.digest}"',
        "Content-Disposition": f'attachment; filename="{letter_id}.pdf"',
    }
    return Response(stored.pdf, 200, headers, PDF)


async def _proof(asked: Asked) -> Response:
    stream = asked.path["stream"]
    version = int(asked.path["version"])
    if version > MAX_VERSION:
        raise malformed(f"an event's number is at most {MAX_VERSION}")
    aggregate = await opened(asked, stream)
    absent = Problem(404, "no_such_event", f"{stream} has no event {version}")
    try:
        async for proven in asked.house.prover.prove(stream, version):
            event = proven.event
            if event.version != version or not told_to(asked.caller, stream, event.type, event.content):
                break
            await note(asked, stream, aggregate, "proof")
            headers = {POSITION: str(proven.event.position)}
            return Response(bytes(proven.proof), 200, headers, TLOG_PROOF)
    except UnprovableError as error:
        raise unavailable(str(error)) from error
    raise absent


_CASE = "/cases/{stream}"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "status", "GET", _CASE, "Stage, who must act, what is due.", _status, CaseStatus, Then, parts=STREAM
    ),
    Operation(
        "dossier",
        "GET",
        f"{_CASE}/dossier",
        "What a decision rests on, with the digest to sign; of it, for applicants and licensees, what they"
        " sent or were told.",
        _dossier,
        Dossier,
        Then,
        parts=STREAM,
    ),
    Operation(
        "deadlines",
        "GET",
        f"{_CASE}/deadlines",
        "Every deadline that matters, each explained in a sentence.",
        _deadlines,
        Deadlines,
        Then,
        parts=STREAM,
    ),
    Operation(
        "days",
        "GET",
        f"{_CASE}/days",
        "Whose the days of an application were: each is given to whoever had the case as it ended.",
        _days,
        Days,
        Then,
        parts=APPLICATIONS,
    ),
    Operation(
        "earlier",
        "GET",
        f"{_CASE}/earlier",
        "Earlier applications with a party of this one, and what became of them: number, days and outcome.",
        _earlier,
        Earlier,
        Now,
        parts=APPLICATIONS,
        roles=TOLD_TO,
    ),
    Operation(
        "history",
        "GET",
        f"{_CASE}/history",
        "Everything that happened to a case, page by page; for applicants and licensees what they sent and"
        " what they were told by letter.",
        _history,
        History,
        Pages,
        parts=STREAM,
    ),
    Operation(
        "letters",
        "GET",
        f"{_CASE}/letters",
        "The letters that a case called for, and when they went out.",
        _letters,
        Letters,
        Now,
        parts=STREAM,
        roles=LICENSING | {Role.APPLICANT},
    ),
    Operation(
        "letter",
        "GET",
        f"{_CASE}/letters/{{letter}}",
        "A letter, byte for byte.",
        _letter,
        PDF,
        Now,
        parts={**STREAM, "letter": r"[a-z]+-[A-Za-z0-9._-]{1,120}"},
        roles=LICENSING | {Role.APPLICANT},
    ),
    Operation(
        "proof",
        "GET",
        f"{_CASE}/proofs/{{version}}",
        "A proof that an event is in the published log, to be checked offline (c2sp.org/tlog-proof).",
        _proof,
        TLOG_PROOF,
        Now,
        parts={**STREAM, "version": r"[1-9][0-9]{0,9}"},
    ),
)
