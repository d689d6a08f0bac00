"""Directives at the desk: issued on what they would move, and shown with how far they are."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from greenlight.eventlog.access import AccessReader
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.commands import Countersign
from greenlight.law.application.dossier import Submission
from greenlight.law.directive.commands import IssueDirective, RescindDirective
from greenlight.law.directive.scope import Posture, Scope
from tests.desk.desks import Opened, text_of
from tests.law.application.cases import CONSIGNEE, GRANT_IN_PART, PURCHASER, new_submission
from tests.workflows.office import Office, eventually


def _to(country: str) -> Submission:
    """A filing for a destination that no other test's cases have."""
    return new_submission(parties=(PURCHASER, CONSIGNEE.model_copy(update={"country": country})))


def _typed(key: str, country: str, **more: str) -> dict[str, str | Iterable[str]]:
    return {
        "key": key,
        "title": "All of one country",
        "scope.destinations": country,
        "posture": "deny",
        "citation": "An order",
        "reasons": "By order.",
        **more,
    }


async def test_what_a_directive_would_move_is_shown_before_it_is_signed_and_moves_then(
    office: Office, desk: Opened
) -> None:
    mine, stays = await office.submitted(_to("AD")), await office.submitted(_to("AE"))
    began = datetime.now(UTC)
    async with desk.person("vera", Role.EXECUTIVE) as vera:
        page = await vera.get("/directives")
        assert 'href="/directives/new"' in page.text
        check = await vera.submit(
            await vera.get("/directives/new"), "/directives/new", _typed("desk-ad", "AD")
        )
        told = text_of(check)
        assert "Sign: Issue directive" in told, told[:800]
        assert re.search(r"1 case of \d+ pending applications, at once", told), told[:2000]
        row = f"{stream_key(mine)} review intent to deny"
        assert row in told
        assert "entities: any; items: any; destinations: Andorra" in told
        assert stream_key(stays) not in told
        done = await vera.signs(check)
        assert "Issue directive is on record" in text_of(done), text_of(done)[:800]
        assert 'href="/cases/directive-desk-ad"' in done.text
        assert "Andorra" in text_of(await vera.get("/cases/directive-desk-ad"))

        async def moved() -> bool:
            return (await office.status(mine)).status.stage == "intent_to_deny"

        await eventually(moved, "the case to be moved")

        async def gone_through() -> str | None:
            found = text_of(await vera.get("/cases/directive-desk-ad"))
            return found if "Done:" in found else None

        assert "Out of scope" in await eventually(gone_through, "the directive to be taken to all")
        assert "desk-ad" in text_of(await vera.get("/directives"))
    async with AccessReader(office.service.target.auditor_url) as reader:
        until = datetime.now(UTC) + timedelta(minutes=1)
        noted = [each async for each in reader.readings(stream=mine, since=began, until=until)]
        listed = [
            each async for each in reader.readings(stream="directive-desk-ad", since=began, until=until)
        ]
    assert {(each.officer, each.what) for each in noted} == {("vera", "preview")}
    assert {"directives", "case"} <= {each.what for each in listed}
    await office["vera"].decide("directive-desk-ad", RescindDirective(reasons="The test is over."))


async def test_cases_in_scope_that_would_stay_are_counted_with_the_reason(
    office: Office, desk: Opened
) -> None:
    stream = await office.submitted(_to("AF"))
    await office.send("olga", stream, GRANT_IN_PART)
    async with desk.person("vera", Role.EXECUTIVE) as vera:
        typed = _typed("desk-af", "AF", posture="case_by_case", effective="2999-01-01")
        check = await vera.submit(await vera.get("/directives/new"), "/directives/new", typed)
        told = text_of(check)
        assert "0 cases of" in told
        assert "this is how it would be now" in told
        assert re.search(r"1 case: leave, \w", told), told[:2000]
        # Back to the form, everything is as it was typed.
        again = await vera.get(
            "/directives/new?" + check.text.split('href="/directives/new?')[1].split('"')[0]
        )
        assert 'value="desk-af"' in again.text
        assert re.search(r'value="AF" checked', again.text)
    await office.send("carla", stream, Countersign(agrees=True))


async def test_faults_of_a_directive_are_told_beside_its_fields(office: Office, desk: Opened) -> None:
    taken = IssueDirective(
        title="Taken",
        scope=Scope(destinations=frozenset({"AG"})),
        posture=Posture.CASE_BY_CASE,
        citation="Order",
        reasons="By order.",
        condition="Peace",
    )
    await office["vera"].issue_directive("desk-taken", taken)
    async with desk.person("vera", Role.EXECUTIVE) as vera:
        form = await vera.get("/directives/new")
        assert ">desk-taken<" in form.text, "what can be superseded is chosen of what is on record"
        for key, said in (("No Key", "Small letters"), ("desk-taken", "already"), ("", "Small letters")):
            page = await vera.submit(form, "/directives/new", _typed(key, "AG"))
            assert page.status_code == 422
            assert f'href="#f.key">Key: {said}' in page.text or said in text_of(page)
        page = await vera.submit(form, "/directives/new", _typed("desk-ag", "AG", posture="", reasons=""))
        assert page.status_code == 422
        assert "Posture: Choose one" in text_of(page)
        assert "Reasons: Enter this" in text_of(page)
        typed = _typed("desk-ag", "AG", effective="2030-02-01", expires="2030-01-01")
        page = await vera.submit(form, "/directives/new", typed)
        assert "expires must lie after effective" in text_of(page)


@pytest.mark.parametrize(
    ("officer", "role"), [("olga", Role.LICENSING_OFFICER), ("oscar", Role.COUNTERSIGNER)]
)
async def test_only_an_executive_is_offered_to_issue_one(
    office: Office, desk: Opened, officer: str, role: Role
) -> None:
    async with desk.session(officer, role) as person:
        page = await person.get("/directives")
        assert page.status_code == 200
        assert "/directives/new" not in page.text
        assert (await person.get("/directives/new")).status_code == 403


async def test_an_attestation_rests_on_the_order_and_not_on_how_far_it_is(
    office: Office, desk: Opened
) -> None:
    order = IssueDirective(
        title="Waits for peace",
        scope=Scope(destinations=frozenset({"AI"})),
        posture=Posture.CASE_BY_CASE,
        citation="Order",
        reasons="By order.",
        condition="Peace",
    )
    stream = (await office["vera"].issue_directive("desk-waits", order)).stream
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        form = await olga.get(f"/cases/{stream}/do/attest_event")
        assert "Waits for peace" in text_of(form)
        assert "not yet" in text_of(form)
        done = await olga.signs(
            await olga.does(stream, "attest_event", statement="They met.", source="A communiqué")
        )
        assert "They met." in text_of(done)
    await office["vera"].decide(stream, RescindDirective(reasons="The test is over."))


async def test_my_work_tells_what_stands_still_from_what_can_be_done(office: Office, desk: Opened) -> None:
    stands, goes = await office.submitted(_to("BT")), await office.submitted(_to("BN"))
    order = IssueDirective(
        title="A pause",
        scope=Scope(destinations=frozenset({"BT"})),
        posture=Posture.HOLD,
        expires=datetime.now(UTC) + timedelta(days=30),
        citation="An order",
        reasons="By order.",
    )
    stream = (await office["vera"].issue_directive("desk-pause", order)).stream

    async def frozen() -> bool:
        return "CaseFrozen" in {each.type for each in await office.events(stands)}

    await eventually(frozen, "the case stands")
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        page = await olga.get("/work")
        can, _, cannot = page.text.partition('id="still-h"')
        assert f'href="/cases/{goes}/do/recommend"' in can
        assert stream_key(stands) not in can
        assert f'href="/cases/{stands}"' in cannot
        assert f"/cases/{stands}/do/" not in page.text
        assert "nothing can be decided before" in text_of(page)
        await office["vera"].decide(stream, RescindDirective(reasons="The test is over."))

        async def lifted() -> bool:
            return f'href="/cases/{stands}/do/recommend"' in (await olga.get("/work")).text

        await eventually(lifted, "the case goes on")
