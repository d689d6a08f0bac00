"""Going through open cases: applications before licenses, a license with the application that has its
parties."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from greenlight.kernel.aggregate import Staged
from greenlight.kernel.messages import Internal
from greenlight.kernel.streams import application_stream, license_stream, stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.dossier import Party, named
from greenlight.law.application.state import ApplicationState
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.state import LicenseState
from greenlight.service.bulk import Bulk, Errand
from greenlight.service.folding import Folded, Streams, read

S = TypeVar("S", bound=Staged)

_LICENSES = license_stream("")

Page = Callable[[str, str, int], Awaitable[Sequence[str]]]
"""The keys of a kind that are to be gone through after one, so many of them at the most."""


class Log(Streams, Protocol):
    """The part of the log that is needed here."""

    async def gone_on(
        self, since: tuple[str, datetime], *, kind: str, after: str, to: str | None
    ) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case with the application that has its parties; a license, if it is one."""

    application: Folded[ApplicationState]
    license: Folded[LicenseState] | None

    @property
    def own(self) -> Folded[ApplicationState] | Folded[LicenseState]:
        """The case itself."""
        return self.license or self.application

    @property
    def filed(self) -> ApplicationState:
        assert self.application.state is not None, "only what is there is a case"
        return self.application.state

    @property
    def parties(self) -> tuple[Party, ...]:
        """With their owners: every name that is held against the list."""
        return named(self.filed.parties)


async def next_of(page: Page, cursor: str | None, limit: int) -> tuple[tuple[str, ...], bool]:
    """The next streams after a cursor, and whether none follow."""
    found: tuple[str, ...] = ()
    at_licenses = cursor is not None and cursor.startswith(_LICENSES)
    if not at_licenses:
        keys = await page(APPLICATION.kind, stream_key(cursor) if cursor else "", limit)
        found = tuple(map(application_stream, keys))
    room = limit - len(found)
    if not room:
        return found, False
    keys = await page(LICENSE.kind, stream_key(cursor) if cursor and at_licenses else "", room)
    return (*found, *map(license_stream, keys)), len(keys) < room


async def cases_of(log: Streams, streams: Sequence[str]) -> list[OpenCase]:
    """Read what the log has of each, in the order of ``streams``; those are left out that go on with what
    only a newer release can read."""
    of_licenses = [stream for stream in streams if stream.startswith(_LICENSES)]
    licenses = await read(log, LICENSE, of_licenses)
    applied = {
        stream: application_stream(found.state.acn) for stream, found in licenses.items() if found.state
    }
    wanted = dict.fromkeys(applied.get(stream, stream) for stream in streams)
    applications = await read(log, APPLICATION, tuple(wanted))
    return [
        OpenCase(application, licenses.get(stream))
        for stream in streams
        if stream in licenses or stream not in of_licenses
        if (application := applications.get(applied.get(stream, stream))) is not None
    ]


def unread(streams: Sequence[str], cases: Sequence[OpenCase]) -> tuple[str, ...]:
    """The streams of which nothing can be said here: they come once more."""
    return tuple(sorted(set(streams) - {each.own.stream for each in cases}))


async def gone_on(
    log: Log, since: tuple[str, datetime], cursor: str | None, to: str | None, again: Sequence[str]
) -> Sequence[str]:
    """The cases behind the cursor, up to another, that have gone on since an event of a stream: those too
    that recorded something when a worker died before it said so. ``again``: of these alone."""
    found: list[str] = []
    for kind in (APPLICATION.kind, LICENSE.kind):
        found += await log.gone_on(
            since, kind=kind, after="" if again else cursor or "", to=None if again else to
        )
    return [each for each in found if each in again] if again else found


async def settle(
    bulk: Bulk,
    cases: Sequence[OpenCase],
    at: datetime,
    *,
    look_into: str | None = None,
    carry_out: Mapping[str, Internal] | None = None,
) -> None:
    """Have each looked into, or carry out what ``carry_out`` has for its stream, at the desk where it would
    do so by itself."""

    def errand(case: Folded[S]) -> Errand[S]:
        internal = None if carry_out is None else carry_out[case.stream]
        return Errand(case, look_into=look_into, internal=internal)

    applications = (errand(case.application) for case in cases if case.license is None)
    await bulk.settle(APPLICATION, applications, at)
    licenses = (errand(case.license) for case in cases if case.license is not None)
    await bulk.settle(LICENSE, licenses, at)
