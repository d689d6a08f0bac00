"""All licenses with what happened to them and the parties they are for, in one walk over the log.

No read model names parties: they are in the events of the application that a license answers.
"""

from greenlight.eventlog.database import parse
from greenlight.eventlog.session import Session
from greenlight.eventlog.stored import COLUMNS, StoredEvent
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.dossier import Party
from greenlight.law.application.events import ApplicationSubmitted, InformationAnswered
from greenlight.law.authorisation.holding import Holding, Told
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import LicenseIssued

PAGE_EVENTS = 1_000

_EVENTS = (
    f"SELECT {COLUMNS} FROM greenlight.event"  # noqa: S608  # A constant.
    " WHERE position > $1 AND (stream LIKE $2 OR type = ANY ($3)) ORDER BY position LIMIT $4"
)
_WITH_PARTIES = ("ApplicationSubmitted", "InformationAnswered")


async def holdings(session: Session) -> tuple[Holding, ...]:
    """Every license that was ever issued, in the order of issue.

    :raises LogUnavailableError: the database cannot be reached.
    """
    told: dict[str, list[Told]] = {}
    parties: dict[str, tuple[Party, ...]] = {}
    position = 0
    while True:
        rows = await session.fetch(_EVENTS, position, f"{license_stream('')}%", _WITH_PARTIES, PAGE_EVENTS)
        for row in rows:
            stored = parse(StoredEvent, row)
            position = stored.position
            if stored.type in _WITH_PARTIES:
                _note(parties, stored)
            else:
                event = LICENSE.read(stored.record)
                told.setdefault(stored.stream, []).append(Told(event, stored.recorded_at))
        if len(rows) < PAGE_EVENTS:
            return tuple(_holding(each, parties) for each in told.values())


def _note(parties: dict[str, tuple[Party, ...]], stored: StoredEvent) -> None:
    """An answer may have replaced the parties; no answer comes after the license."""
    match APPLICATION.read(stored.record):
        case ApplicationSubmitted(application=application):
            parties[stored.stream] = application.parties
        case InformationAnswered(parties=replaced) if replaced is not None:
            parties[stored.stream] = replaced
        case _:
            pass


def _holding(told: list[Told], parties: dict[str, tuple[Party, ...]]) -> Holding:
    issued = told[0].event
    acn = issued.acn if isinstance(issued, LicenseIssued) else ""
    return Holding(told, parties.get(application_stream(acn)))
