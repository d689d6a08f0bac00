"""Instants that come, on the real server: what was forecast for them is what is recorded, once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from greenlight.eventlog.letters import LetterBox
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.rows import TaskFilter
from greenlight.eventlog.verify import verify
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import moment_stream, stream_key
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.commands import Assign
from greenlight.law.application.dossier import PartyRole
from greenlight.law.application.flip.commands import NoteFlip, NoteLicenseFlip
from greenlight.law.application.ownership import PartyOwner
from greenlight.law.moment.state import key_of
from greenlight.law.outlook.forecast import Moment, Outlook
from greenlight.law.rule.acts import Affiliates
from greenlight.law.rule.commands import ConfirmAttestation, OpenRule
from tests.law.application.cases import PURCHASER, RETURN
from tests.law.rule.aggregates import DAY, adoption, suspension
from tests.workflows.moments import (
    TODAY,
    about,
    asked,
    flips,
    looked,
    midnight,
    named,
    outlook_of,
    to_be_listed,
)
from tests.workflows.office import Office, refusal
from tests.workflows.reprieves import opening
from tests.workflows.written import written


def at(found: Outlook, instant: datetime) -> Moment:
    return next(each for each in found.moments if each.at == instant)


async def test_an_entry_that_comes_is_what_was_forecast_of_it_and_officers_have_it_to_see_to(
    office: Office, tmp_path: Path
) -> None:
    instant, name = midnight(11), named()
    first = about(name)
    licensed = await office.granted(application=first)
    pending, other = await office.submitted(about(name)), await office.submitted(about("Elsewhere AS"))
    await office["olga"].decide(pending, Assign(officer="olga"))
    await office.listed(to_be_listed(name, instant))
    assert "ReturnProposed" in await office.types(pending)
    seen = await office.signed("olga", pending, RETURN)
    forecast = at(await outlook_of(office), instant)

    assert await looked(office, instant - timedelta(seconds=1)) == ()
    found, again = await asyncio.gather(looked(office, instant), looked(office, instant))
    assert {*found, *again} == {key_of(instant)}
    state = await asked(office, instant)
    assert [each.key for each in state.coming] == [each.key for each in forecast.coming]
    assert (state.applications, state.licenses) == (forecast.applications, forecast.licenses)
    assert (state.applications.flips, state.applications.proposals, state.licenses.flips) == (1, 1, 1)
    by_case = {row.stream: row.turns for row in forecast.rows or ()}
    for stream in (pending, licensed):
        (flip,) = await flips(office, stream)
        assert (flip.instant, flip.turns) == (instant, by_case[stream])
        assert "84 FR 1" in flip.because
    assert await flips(office, other) == []

    # Who read it before signs nothing; who is assigned has it in their worklist.
    assert (await refusal(office.update(pending, "return_without_action", seen))).code == (
        RefusalCode.DOSSIER_CHANGED
    )
    case = await office.caught_up(pending)
    assert case.version == len(await office.events(pending))
    tasks = await office.reader.tasks(TaskFilter(roles=(Role.LICENSING_OFFICER,), officer="olga"))
    waiting = {(task.case, task.assigned_to) for task in tasks if task.deadline == "flip"}
    assert (stream_key(pending), "olga") in waiting
    number = stream_key(licensed)
    assert {task for task in waiting if task[0] == number} == {(number, None)}
    await office["olga"].decide(pending, NoteFlip(reasons="The exporter is told."))
    await office["oscar"].decide(licensed, NoteLicenseFlip(reasons="The license covers it."))
    tasks = await office.reader.tasks(TaskFilter(roles=(Role.LICENSING_OFFICER,), officer="olga"))
    assert not any(task.deadline == "flip" for task in tasks)

    # It is over, and nothing of it comes again.
    assert await looked(office, instant + timedelta(days=3)) == ()
    assert (await office.result(moment_stream(key_of(instant)))).status.closed
    types = Counter(await office.types(moment_stream(key_of(instant))))
    assert types == {"MomentCame": 1, "MomentProgressed": 1, "OfficerTold": 2, "MomentCompleted": 1}
    # Each officer concerned has one letter, and so have all for what is assigned to nobody.
    assert [each.officer for each in state.told] == ["olga", None]
    of_olga, of_nobody = state.told
    assert [each.stream for each in of_olga.first] == [pending]
    assert [each.stream for each in of_nobody.first] == [licensed]
    target, moment = office.service.target, moment_stream(key_of(instant))
    assert await written(target, moment, tmp_path) == ["notice_of_flips"] * 2
    assert (await written(target, licensed, tmp_path))[-1] == "notice_to_licensee"
    (told,) = [event async for event in office.reader.stream(licensed) if event.type == "LicenseeTold"]
    assert told.content["acts"] == "An entry on a list (84 FR 1)"
    async with LetterBox(target.writer_url) as box:
        assert await box.of(pending) == (), "an applicant is told nothing by letter"
    url = office.service.target.database_url
    assert (await verify(url)).fault is None
    assert (await rebuild(office.service.target.owner_url, swap=False)).differences == ()


async def test_who_owns_a_party_and_where_it_is_keeps_no_case_from_its_answer(office: Office) -> None:
    """Fifty names are the most that a filing has as parties, and their owners come on top of them."""
    instant, name = midnight(16), named()
    filing = about(name)
    *others, consignee = filing.parties
    owner = PartyOwner(name="A holding AS", country="NO", share=1_000)
    address = "Quay 1, Oslo"
    some = [
        consignee.model_copy(update={"address": address}),
        consignee.model_copy(update={"owners": (owner,)}),
        consignee.model_copy(update={"owners": (owner,) * 10}),
    ]
    many = [
        PURCHASER.model_copy(update={"role": PartyRole.INTERMEDIATE_CONSIGNEE, "name": f"Agent {n} AS"})
        for n in range(46)
    ]
    cases = [
        await office.submitted(
            filing.model_copy(update={"parties": (*others, *more, each), "reference": f"{name} {place}"})
        )
        for place, (each, more) in enumerate(zip(some, ((), (), many), strict=True))
    ]
    await office.listed(to_be_listed(name, instant))
    assert await looked(office, instant) == (key_of(instant),)
    state = await asked(office, instant)
    assert (state.applications.flips, state.failed) == (3, ())
    for stream in cases:
        assert [flip.instant for flip in await flips(office, stream)] == [instant]


async def test_a_reprieve_whose_term_ends_lets_go_what_it_alone_covered(office: Office) -> None:
    stream = await office.reprieved(opening(20, "huawei-technologies"))
    case = await office.submitted(about("Huawei", country="CN", activity="networks"))
    # That the term began is a moment, too.
    await looked(office, datetime.now(UTC))
    instant = midnight(21)
    forecast = at(await outlook_of(office), instant)
    assert [row.stream for row in forecast.rows or () if row.turns] == [case]
    # Whoever filed it when nothing covers it any more was answered by that.
    assert await looked(office, instant + timedelta(days=1)) == (key_of(instant),)
    state = await asked(office, instant)
    assert (state.applications.flips, stream_key(stream) in state.coming[0].text) == (1, True)
    (flip,) = await flips(office, case)
    assert [(turn.before, turn.after) for turn in flip.turns] == [("reprieve", "required")]


async def test_the_suspension_of_2025_ends_and_what_nobody_sees_is_counted_and_changes_no_case(
    office: Office,
) -> None:
    case = await office.submitted(about("A company AS", country="SE"))
    last = TODAY + timedelta(days=30)
    acts = (adoption(), suspension(through=last))
    await office["olga"].begin(
        "rule-affiliates", OpenRule(title="Affiliates Rule", governs=Affiliates(), acts=acts)
    )
    await office["oscar"].decide("rule-affiliates", ConfirmAttestation(number=2))
    # That it is suspended today may be news: whoever filed is asked about it by itself.
    await looked(office, datetime.now(UTC))
    instant = midnight(31)
    forecast = at(await outlook_of(office), instant)
    assert await looked(office, instant) == (key_of(instant),)
    state = await asked(office, instant)
    assert state.coming == forecast.coming
    assert "90 FR 50857" in state.coming[0].citation
    assert state.applications == forecast.applications
    assert state.applications.unseen > 0
    assert await flips(office, case) == []
    assert last + DAY == agency_date(instant)
