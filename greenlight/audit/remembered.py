"""Words on matches that are remembered from another case, held against that one."""

from greenlight.audit.streams import WHOLE, History
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.screening.language import Confirmation, Resolution
from greenlight.law.application.screening.resolution import (
    MatchConfirmed,
    MatchResolved,
    ResolutionRemembered,
    resolution_of,
)
from greenlight.law.license.events import LicenseIssued
from greenlight.law.registry import aggregate_of


async def never_said(history: History, event: ResolutionRemembered, position: int) -> str | None:
    """Say why a word on a match cannot be remembered; None: somebody said it, and a second officer confirmed
    it, where that is told."""
    told = _bare(resolution_of(event))
    source = application_stream(event.remembered_from)
    if event.license is not None:
        source = license_stream(event.license)
    records = await history.records(source, WHOLE, position)
    said = [aggregate_of(source).read(record) for record in records]
    issued = next((each.acn for each in said if isinstance(each, LicenseIssued)), None)
    if event.license is not None and issued != event.remembered_from:
        return f"{event.license} was not granted in {event.remembered_from}"
    words = (_bare(resolution_of(each)) for each in said if isinstance(each, MatchResolved))
    if told not in words:
        return f"nobody said that in {event.license or event.remembered_from}"
    confirmed = [
        Confirmation(by=each.by, at=each.at, until=each.until)
        for each in said
        if isinstance(each, MatchConfirmed)
        and (each.pair, each.resolved_by, each.resolved_at)
        == (event.pair, event.resolved_by, event.resolved_at)
    ]
    if event.confirmation is not None and event.confirmation not in confirmed:
        return f"no second officer confirmed that in {event.license or event.remembered_from}"
    return None


def _bare(word: Resolution) -> Resolution:
    """The words on each pair, by whom and when."""
    by, at = word.resolved_by, word.resolved_at
    return Resolution(pair=word.pair, verdict=word.verdict, resolved_by=by, resolved_at=at)
