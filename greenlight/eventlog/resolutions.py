"""Words of officers on matches: found again for the same pair, and held against what is remembered of it."""

from datetime import UTC, datetime

from pydantic import Json

from greenlight.eventlog.database import parse
from greenlight.eventlog.session import Session
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.screening.language import Confirmation, Resolution, Verdict
from greenlight.law.application.screening.resolution import (
    MatchConfirmed,
    MatchResolved,
    ResolutionRemembered,
    resolution_of,
    resolutions_after,
)
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import LicenseIssued

RESOLVED = frozenset({"LicenseIssued", "MatchResolved", "MatchConfirmed", "ResolutionRemembered"})
"""Events to follow; a license's issue, because it tells in which case a word on that license was said."""

# The last word that counts elsewhere, as `Resolution.counts_elsewhere` has it, wherever it was said. Of two
# at one instant it is that of the case with the higher number, and on a license rather than in its own case.
_REMEMBERED = """
SELECT DISTINCT ON (pair) pair, verdict, resolved_by::text, resolved_at, acn AS remembered_from, license,
    CASE WHEN counts_until IS NOT NULL THEN
        jsonb_build_object('by', confirmed_by, 'at', confirmed_at, 'until', counts_until)::text
    END AS confirmation
FROM (
    SELECT pair, verdict, resolved_by, resolved_at, confirmed_by, confirmed_at, counts_until,
        acn, NULL AS license
    FROM greenlight.resolution WHERE pair = ANY ($1) AND remembered_from IS NULL
    UNION ALL
    SELECT pair, verdict, resolved_by, resolved_at, confirmed_by, confirmed_at, counts_until, acn, number
    FROM greenlight.license_resolution JOIN greenlight.license USING (number)
    WHERE pair = ANY ($1) AND remembered_from IS NULL
) AS said
WHERE verdict = 'true_match' OR counts_until > $2
ORDER BY pair, resolved_at DESC, acn DESC, license NULLS LAST
"""


class _Row(Resolution):
    resolved_by: Json[Actor]
    confirmation: Json[Confirmation] | None = None


async def remembered(session: Session, pairs: frozenset[str], at: datetime) -> tuple[Resolution, ...]:
    """Of each pair the last word that counts in other cases at ``at``, as of the case in which it was said.

    :raises LogUnavailableError: the database cannot be reached.
    """
    rows = [parse(_Row, row) for row in await session.fetch(_REMEMBERED, sorted(pairs), at)]
    return tuple(Resolution(**dict(row)) for row in rows)


_WORDS = """
SELECT record, stream FROM greenlight.event
WHERE type IN ('MatchResolved', 'MatchConfirmed') AND ($1::timestamptz IS NULL OR recorded_at <= $1)
ORDER BY position
"""


async def words(session: Session, known_at: datetime | None = None) -> tuple[Resolution, ...]:
    """Of each pair the last word that counts in other cases now; ``known_at``: then, as the log had it.

    :raises LogUnavailableError: the database cannot be reached.
    """
    said: dict[str, dict[str, Resolution]] = {}
    for row in await session.fetch(_WORDS, known_at):
        stream = str(row["stream"])
        event = _read(stream, str(row["record"]))
        assert isinstance(event, MatchResolved | MatchConfirmed), "the query asks for these alone"
        on_pair = said.setdefault(event.pair, {})
        (on_pair[stream],) = resolutions_after((on_pair[stream],) if stream in on_pair else (), event)
    at = known_at or datetime.now(UTC)
    counting = ((word for word in on.values() if word.counts_elsewhere(at)) for on in said.values())
    last = (max(words, key=lambda word: word.resolved_at, default=None) for words in counting)
    return tuple(word for word in last if word is not None)


def _read(stream: str, record: str) -> Event:
    return (LICENSE if stream.startswith(license_stream("")) else APPLICATION).read(record)


class Resolutions:
    """Grows with what officers said of matches and with the licenses, not with the log."""

    def __init__(self) -> None:
        self._said: set[tuple[str, str]] = set()
        self._confirmed: set[tuple[str, str, str]] = set()
        self._granted_in: dict[str, str] = {}

    def step(self, stored: StoredEvent) -> str | None:
        """Take in what an officer said, or tell why what the service remembers was never said.

        :raises ValueError: it cannot be an event of ``RESOLVED``.
        """
        match _read(stored.stream, stored.record):
            case LicenseIssued(number=number, acn=acn):
                self._granted_in[number] = acn
                return None
            case MatchResolved() as event:
                self._said.add((stored.stream, _word(event)))
                return None
            case MatchConfirmed() as event:
                return self._confirm(stored.stream, event)
            case ResolutionRemembered() as event:
                return self._remember(event)
            case _:
                raise AssertionError("no other has this type")

    def _confirm(self, stream: str, event: MatchConfirmed) -> str | None:
        word = _word_of(event.pair, Verdict.FALSE_MATCH, event.resolved_by, event.resolved_at)
        if (stream, word) not in self._said:
            return "nobody said here that the match is false"
        if event.by.person == event.resolved_by.person:
            return "who resolved the match confirmed it"
        said = Confirmation(by=event.by, at=event.at, until=event.until)
        self._confirmed.add((stream, word, said.model_dump_json()))
        return None

    def _remember(self, event: ResolutionRemembered) -> str | None:
        source = application_stream(event.remembered_from)
        if event.license is not None:
            source = license_stream(event.license)
            if self._granted_in.get(event.license) != event.remembered_from:
                return f"{event.license} was not granted in {event.remembered_from}"
        word, place = _word(event), event.license or event.remembered_from
        if (source, word) not in self._said:
            return f"nobody said that in {place}"
        if event.verdict is Verdict.TRUE_MATCH:
            return None
        if event.confirmation is None:
            # Before there were confirmations one officer's word counted everywhere, and those days are over
            # as soon as somebody confirmed anything.
            return f"no second officer confirmed that in {place}" if self._confirmed else None
        if (source, word, event.confirmation.model_dump_json()) not in self._confirmed:
            return f"no second officer confirmed that in {place}"
        if event.at >= event.confirmation.until:
            return f"what was said in {place} counted no more"
        return None


def _word(event: MatchResolved | ResolutionRemembered) -> str:
    said = resolution_of(event)
    return _word_of(said.pair, said.verdict, said.resolved_by, said.resolved_at)


def _word_of(pair: str, verdict: Verdict, by: Actor, at: datetime) -> str:
    return Resolution(pair=pair, verdict=verdict, resolved_by=by, resolved_at=at).model_dump_json()
