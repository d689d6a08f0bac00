"""The desk with the service's own determination: the shipped list and tables, a real log."""

from datetime import date, timedelta
from pathlib import Path
from shutil import rmtree

import pytest

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.messages import DeskAnswer
from greenlight.kernel.streams import application_stream, reprieve_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.commands import Answer, Submit
from greenlight.law.application.dossier import Item, Parties, Unclassified
from greenlight.law.application.ownership import PartyOwner
from greenlight.law.application.screening.language import Screened, Verdict
from greenlight.law.application.state import dossier
from greenlight.law.directive.standing import Standing
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import OpenReprieve, TermOrder
from greenlight.reference.controls import load_tables
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.kept_controls import KeptTables
from greenlight.reference.rules import load_rules
from greenlight.screening.book import ListingBook
from greenlight.service.determination import ListDeterminer
from tests.activities.screeners import against as screener_of
from tests.activities.test_desk import BOOK, LATER, QUESTION, Clerk, Says, clerk, incoming, says, types
from tests.activities.test_matches import ENTRY, Case, book, opened, parties, resolve
from tests.eventlog.attesting import Attesting
from tests.law.application.cases import BEGIN, OTHER_PARTIES, submission
from tests.law.reprieve.cases import BROAD
from tests.reference.test_kept_controls import as_shipped
from tests.workflows.reprieves import POLICY

__all__ = ["clerk", "says"]

FILED = ["ApplicationSubmitted", "PartiesScreened"]
EAR99 = tuple(
    item.model_copy(update={"classification": "EAR99", "subparagraph": None}) for item in submission().items
)
ALIKE = "HiSilikon Optoelectronics Limited"
"""With a country of its own: what officers say of a party is remembered."""
CERTIFIED = Circumstances.none_applies()


def against(clerk: Case, listings: ListingBook = BOOK) -> None:
    """Screening and determination by one list, as the worker has them."""
    screener = screener_of(listings)
    clerk.screener, clerk.determiner = (
        screener,
        ListDeterminer(screener, load_tables(), load_rules(), clerk.log),
    )


async def filed(
    clerk: Case,
    says: Says,
    named: Parties,
    items: tuple[Item, ...] = EAR99,
    circumstances: Circumstances | None = CERTIFIED,
    activity: str | None = None,
    confirmed: tuple[int, ...] = (),
) -> DeskAnswer:
    application = submission(parties=named, reference=clerk.stream).model_copy(
        update={
            "items": items,
            "circumstances": circumstances,
            "reprieve_activity": activity,
            "confirmed_eccns": confirmed,
        }
    )
    return await clerk.asks(clerk.request(BEGIN, says(says.crowd.applicant, Submit(application=application))))


async def test_an_eccn_that_is_in_no_table_and_was_confirmed_waits_for_an_officers_word(
    clerk: Case, says: Says
) -> None:
    against(clerk)
    unknown, known = (
        EAR99[0].model_copy(update={"classification": "5A899"}),
        EAR99[0].model_copy(update={"line": 9}),
    )
    await filed(clerk, says, parties("Anybody"), (unknown, known), confirmed=(unknown.line,))
    tables = load_tables()
    assert opened(clerk).unclassified == Unclassified(lines=(unknown.line,), tables_of=tables.issued)
    assert dossier(opened(clerk))["unclassified"] == {"lines": [unknown.line], "tables_of": "2026-07-23"}


async def test_what_needs_no_license_is_proposed_to_be_returned(clerk: Case, says: Says) -> None:
    against(clerk)
    answer = await filed(clerk, says, parties("Anybody"))
    assert types(answer.records) == [*FILED, "ReturnProposed"]
    proposed = opened(clerk).return_proposed
    assert proposed is not None
    assert "EAR99 to NO" in proposed.reason


@pytest.mark.parametrize("circumstances", [None, Circumstances()])
async def test_what_is_not_certified_is_not_proposed(
    clerk: Case, says: Says, circumstances: Circumstances | None
) -> None:
    against(clerk)
    assert types((await filed(clerk, says, parties("Anybody"), EAR99, circumstances)).records) == FILED


async def test_a_listed_owner_is_met_as_a_party_is_and_no_return_is_proposed(clerk: Case, says: Says) -> None:
    against(clerk)
    anybody, consignee = parties("Anybody")
    owner = PartyOwner(name=ENTRY.name, country="CN", share=5_000)
    filing = (anybody, consignee.model_copy(update={"owners": (owner,)}))
    assert types((await filed(clerk, says, filing)).records) == FILED
    state = opened(clerk)
    assert [finding.outcome for finding in state.findings] == ["no_match", "no_match", "listed"]
    assert (state.listed, ENTRY.key in state.listings) == (True, True)


async def test_listed_entities_need_a_license(clerk: Case, says: Says) -> None:
    against(clerk)
    assert types((await filed(clerk, says, parties(ENTRY.name, "CN"))).records) == FILED


async def test_a_false_match_makes_a_license_unnecessary_and_a_true_one_does_not(
    clerk: Case, says: Says
) -> None:
    against(clerk)
    assert types((await filed(clerk, says, parties(ALIKE, "IS"))).records) == FILED
    for verdict, events in (
        (Verdict.FALSE_MATCH, ["MatchResolved", "ReturnProposed"]),
        (Verdict.TRUE_MATCH, ["MatchResolved"]),
    ):
        said = await clerk.asks(clerk.request(LATER, says(says.crowd.officer, resolve(verdict))))
        assert types(said.records) == events
    assert opened(clerk).return_proposed is None


async def test_new_parties_and_a_list_that_moved_on_are_determined_anew(clerk: Case, says: Says) -> None:
    against(clerk)
    assert types((await filed(clerk, says, parties(ENTRY.name, "CN"))).records) == FILED
    await clerk.asks(clerk.request(BEGIN, says(says.crowd.officer, QUESTION)))
    answer = says(says.crowd.applicant, Answer(answer="They.", parties=OTHER_PARTIES))
    assert types((await clerk.asks(clerk.request(LATER, answer))).records)[-1] == "ReturnProposed"
    against(clerk, book(name=OTHER_PARTIES[-1].name))
    again = await clerk.asks(clerk.request(LATER, look_into="screening"))
    assert types(again.records) == ["PartiesScreened"]
    assert opened(clerk).return_proposed is None
    against(clerk)
    assert types((await clerk.asks(clerk.request(LATER, look_into="screening"))).records) == [
        "PartiesScreened",
        "ReturnProposed",
    ]


async def test_an_entry_that_is_not_as_it_was_met_says_nothing(clerk: Case, says: Says) -> None:
    against(clerk)
    await filed(clerk, says, parties(ALIKE, "IS"))
    state = opened(clerk)
    (hit,) = state.hits
    party = state.parties[hit.party]
    now = await screener_of(BOOK).against(LATER, Standing())
    changed = await screener_of(book(note="Another.")).against(LATER, Standing())
    assert not isinstance(now, str)
    assert not isinstance(changed, str)
    listed = now.listing(party, hit.match, LATER)
    assert listed is not None
    assert (listed.listing, listed.source_list) == (ENTRY.key, "entity-list")
    assert changed.listing(party, hit.match, LATER) is None
    assert now.listing(party, hit.match, ENTRY.begins.replace(year=2018)) is None


async def test_what_a_reprieve_on_record_covers_is_proposed_for_the_activity_that_is_named(
    clerk: Case, says: Says, log: Recorder
) -> None:
    against(clerk)
    reprieve = Clerk(log, REPRIEVE, reprieve_stream("at-filing"))
    term = TermOrder(
        valid_through=date(2026, 11, 30), scope=BROAD, entities=frozenset({ENTRY.key}), reason="Customers."
    )
    body = OpenReprieve(title="At filing", policy=POLICY, term=term)
    signed = says.crowd.executive.signed(reprieve.stream, "open_reprieve", body)
    await reprieve.asks(reprieve.request(BEGIN, incoming("open_reprieve", signed)))
    first, *_ = BROAD.activities
    for activity, proposes in (("another", False), (first.key, True)):
        case = Clerk(log, APPLICATION, application_stream(f"{'RU'[proposes]}{clerk.stream[-6:]}"))
        against(case)
        answer = await filed(case, Says(says.crowd, case), parties(ENTRY.name, "CN"), activity=activity)
        assert types(answer.records) == [*FILED, *(["ReturnProposed"] if proposes else [])]
        if proposes:
            returned = opened(case).return_proposed
            assert returned is not None
            assert "term 1 of at-filing" in returned.reason


async def test_filings_are_determined_by_the_tables_that_the_log_names(
    clerk: Case, says: Says, tmp_path: Path
) -> None:
    """What is in the folder and nobody attested answers nothing; neither does what is on record and gone."""
    kept = KeptTables(tmp_path / "controls")
    issue, _ = kept.keep(as_shipped("2026-08-15"), BEGIN - timedelta(days=1))
    screener = screener_of(BOOK)
    determiner = ListDeterminer(screener, kept, load_rules(), clerk.log)

    async def reason() -> str | None:
        filed = submission(parties=parties("Anybody"), reference=clerk.stream).model_copy(
            update={"items": EAR99, "circumstances": CERTIFIED}
        )
        found = Screened(screening=await screener.screen(filed.parties, BEGIN, Standing()))
        proposed = await determiner.determine(filed, found, BEGIN, Standing())
        assert (await determiner.unknown_eccns(filed.items, BEGIN)) == ()
        return None if proposed is None else proposed.reason

    assert "by the tables of 2026-07-23 " in (await reason() or "")
    attesting = Attesting.tables(clerk.log, says.crowd, issue.issued, issue.version)
    await attesting.opened(BEGIN - timedelta(hours=3))
    assert "by the tables of 2026-07-23 " in (await reason() or ""), "one officer is not enough"
    await attesting.confirmed(now=BEGIN - timedelta(hours=2))
    try:
        assert "by the tables of 2026-08-15 " in (await reason() or "")
        rmtree(issue.folder)
        with pytest.raises(ReferenceDataError, match="are not kept here"):
            await reason()
        assert await determiner.unclassified(EAR99, BEGIN) is None
    finally:
        # Others file on this log, too.
        await attesting.taken_back(BEGIN - timedelta(hours=1))
    assert "by the tables of 2026-07-23 " in (await reason() or "")


async def test_nothing_is_proposed_by_tables_that_are_older_than_an_amendment_on_record(
    clerk: Case, says: Says
) -> None:
    """Neither the tables nor the rules that come with the service know of it; two officers do."""
    against(clerk)
    attesting = Attesting.amendment(clerk.log, says.crowd, "NO", BEGIN - timedelta(days=2))
    await attesting.opened(BEGIN - timedelta(hours=3))
    await attesting.confirmed(now=BEGIN - timedelta(hours=2))
    try:
        assert types((await filed(clerk, says, parties("Anybody"))).records) == FILED
    finally:
        # Others file on this log, too.
        await attesting.taken_back(BEGIN - timedelta(hours=1))
