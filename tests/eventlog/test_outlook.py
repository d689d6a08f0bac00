"""The outlook from the log: open applications and licenses, and a list that names one of them later."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from greenlight.answers.listed import Shipped
from greenlight.answers.outlook import outlook
from greenlight.answers.outlook_picture import picture
from greenlight.eventlog.database import Connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.body import Body
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.commands import RecordScreening, Submit
from greenlight.law.application.dossier import Party, PartyRole
from greenlight.law.determination.question import Circumstances
from greenlight.law.outlook.forecast import Outlook
from greenlight.reference.controls import load_tables
from greenlight.reference.rules import load_rules
from greenlight.screening.book import Listing, ListingBook, ListingTerms
from tests.eventlog.crowd import NOW, Crowd
from tests.eventlog.decided import SIGNED
from tests.eventlog.histories import Story
from tests.law.application.cases import GRANT, RETURN, screening, submission

LISTED = NOW + timedelta(days=12)
NAMED = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Skerry Mobile AS", country="NO")
OTHER = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Lighthouse Telecom AS", country="NO")
BOOK = ListingBook(
    id="a-list",
    title="A list",
    source="A test",
    retrieved=agency_date(NOW),
    version="sha256:" + "0" * 64,
    listings=(
        Listing(
            key="skerry",
            name="Skerry Mobile AS",
            countries=("NO",),
            listed=LISTED,
            citation="91 FR 1",
            terms=(
                ListingTerms(
                    effective=LISTED,
                    license_requirement="For all items subject to the EAR",
                    review_policy="Presumption of denial",
                    citation="91 FR 1",
                ),
            ),
        ),
    ),
)
CLEAR = "no_match"


def filed(party: Party) -> Submit:
    asked = submission(parties=(party,)).model_copy(update={"circumstances": Circumstances.none_applies()})
    return Submit(application=asked)


def cleared(party: Party) -> RecordScreening:
    return RecordScreening(screening=screening(CLEAR), parties=(party,))


COURSES: Sequence[Sequence[tuple[str, Body]]] = (
    (("submit", filed(NAMED)), ("record_screening", cleared(NAMED))),
    (("submit", filed(OTHER)), ("record_screening", cleared(OTHER))),
    (("submit", filed(NAMED)), ("record_screening", cleared(NAMED)), ("recommend", GRANT), *SIGNED),
    (("submit", filed(NAMED)), ("record_screening", cleared(NAMED)), ("return_without_action", RETURN)),
)
"""One that the list names later, one that it does not, a license for the first, and one that is closed."""


async def lived(recorder: Recorder, crowd: Crowd) -> list[Story]:
    stories: list[Story] = []
    for number, course in enumerate(COURSES):
        story = Story(f"Z{number:06}")
        for name, body in course:
            story = await story.sent(recorder, crowd, name, body)
        stories.append(story)
    return stories


async def asked(dsn: str, shipped: Shipped | None = None) -> Outlook:
    async with Reader(dsn) as reader:
        until = NOW + timedelta(days=100)
        return await outlook(reader, shipped or Shipped(BOOK), load_tables(), load_rules(), NOW, until)


async def test_what_comes_with_every_case_that_it_changes(
    dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path
) -> None:
    stories = await lived(recorder, crowd)
    license_ = stories[2].state.license_number if stories[2].state else None
    found = await asked(dsn)
    assert (found.applications, found.licenses, found.unread) == (2, 1, 0)
    by_day = {each.at: each for each in found.moments}
    listed = by_day[LISTED]
    assert [(each.kind, each.key, each.citation) for each in listed.coming] == [
        ("entry", "skerry", "91 FR 1")
    ]
    assert [(row.stream, [(turn.before, turn.after) for turn in row.turns]) for row in listed.rows or ()] == [
        ("application-Z000000", [("not_required", "required")]),
        (f"license-{license_}", [("not_required", "required")]),
    ]
    assert (listed.applications.flips, listed.licenses.flips) == (1, 1)
    # Nobody gave their owners: what the rule on affiliates asks of them is not seen.
    (back,) = (each for each in found.moments if each.coming[0].key == "affiliates")
    assert (back.applications.unseen, back.licenses.unseen) == (2, 1)
    assert back.applications.flips == 0

    drawn = picture(found).svg
    assert "1 application: another answer" in drawn
    assert "Entry skerry counts" in drawn
    # Neither the numbers of cases nor who is in them.
    assert "Z000000" not in drawn
    assert "Skerry Mobile" not in drawn


async def test_nothing_of_it_is_recorded(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    await lived(recorder, crowd)
    (before,) = await database.fetch("SELECT position FROM greenlight.log")
    found = await asked(dsn)
    (after,) = await database.fetch("SELECT position FROM greenlight.log")
    assert before["position"] == after["position"] == found.position


async def test_a_list_that_grows_too_old_is_an_instant_of_its_own(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    await lived(recorder, crowd)
    found = await asked(dsn, Shipped(BOOK, max_age_days=30))
    (old,) = (each for each in found.moments if each.coming[0].kind == "list")
    assert {row.turns[0].after for row in old.rows or ()} == {"open"}
    assert old.applications.flips == 2
    assert (old.coming[0].key, old.coming[0].settled_by) == ("csl", "a younger version of the list")


async def test_pages_do_not_matter(
    dsn: str, recorder: Recorder, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(recorder, crowd)
    whole = await asked(dsn)
    monkeypatch.setattr("greenlight.eventlog.outlook.AT_ONCE", 1)
    assert await asked(dsn) == whole
