"""Answers to a caller who has proven who they are, from the log, whatever they asked by: HTTP or Nexus."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from greenlight.answers.caller import Caller
from greenlight.answers.scope import Scope
from greenlight.answers.standing import Standing
from greenlight.eventlog.access import AccessLog
from greenlight.eventlog.read import Reader
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.past import UnreadableError
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import LICENSING
from greenlight.kernel.streams import license_stream
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.authorisation.question import AuthorisationQuestion
from greenlight.law.registry import AnyAggregate, aggregate_of

_LICENSE: Final = re.compile(r"\bD[0-9]{6}\b")


class Told(NamedTuple):
    """A case as it is told: its state, and the number of the last event in it."""

    state: Any
    version: int


def no_such_case(stream: str) -> Refusal:
    """There is none, or none that the caller may know of."""
    return Refusal(RefusalCode.NO_SUCH_CASE, f"there is no case {stream}")


async def opened(scope: Scope, caller: Caller, stream: str) -> AnyAggregate | Refusal:
    """The kind of a stream, if the caller may read it."""
    try:
        kind = aggregate_of(stream)
    except ValueError:
        return no_such_case(stream)
    return kind if stream in await scope.readable(caller, (stream,)) else no_such_case(stream)


async def told(
    reader: Reader,
    kind: AnyAggregate,
    stream: str,
    *,
    until: datetime | None = None,
    known: datetime | None = None,
) -> Told | Refusal:
    """The state of a case now, or as it was in law at ``until`` by what was on record at ``known``."""
    state, version = None, 0
    try:
        async for event in reader.stream(stream):
            if (until is None or event.at <= until) and (known is None or event.recorded_at <= known):
                state = kind.apply(state, kind.read(event.record))
                version = event.version
    except UnreadableError:
        return Refusal(RefusalCode.NEWER_RELEASE, f"{stream} goes on with what a newer release recorded")
    return no_such_case(stream) if state is None else Told(state, version)


def status_of(kind: AnyAggregate, stream: str, case: Told) -> CaseStatus:
    """Stage, who must act, what is due."""
    return CaseStatus(
        stream=stream,
        version=case.version,
        dossier=kind.dossier_digest(case.state),
        status=kind.status(case.state),
    )


async def authorised(
    standing: Standing, access: AccessLog, caller: Caller, question: AuthorisationQuestion
) -> Authorisation | Refusal:
    """Under what items may go to parties, and a note of the licenses that the answer tells of. Of others'
    licenses an applicant is told nothing."""
    if caller.role not in LICENSING and question.exporter != caller.organisation:
        return Refusal(RefusalCode.NOT_THE_APPLICANT, "exporter: an applicant asks for its own organisation")
    authorities = await standing.authorities(question.at, question.known_at, question.exporter)
    size = len(question.items) * sum(1 + len(party.owners or ()) for party in question.parties)
    answer = await standing.computed(partial(authorities.authorise, question), size)
    await access.note_all(caller, map(license_stream, _told_of(answer)), "authorised")
    return answer


def _told_of(answer: Authorisation) -> Iterable[str]:
    """The licenses that an answer tells something of, those that came near included."""
    under = answer.license
    found = {under.number, *under.also} if under else set[str]()
    return sorted(found.union(*(_LICENSE.findall(miss.what) for miss in answer.nearest)))
