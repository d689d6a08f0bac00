"""Signatures on what was shown: from the form to the event, and what happens where a case moves on."""

import re

from greenlight.kernel.authority import Claims, read_claims
from greenlight.kernel.canonical import digest
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Answer, RequestInformation
from tests.desk.desks import Opened, forms_of, text_of
from tests.law.application.cases import CHECK, GRANT
from tests.workflows.office import Office

ASKED = RequestInformation(request="Which network is it for?")
ANSWERED = Answer(answer="The one in the north.")


async def test_a_case_goes_from_filing_to_its_license_by_what_people_are_shown(
    office: Office, desk: Opened
) -> None:
    stream = await office.submitted()
    acn = stream_key(stream)
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        work = await olga.get("/work")
        assert f"/cases/{stream}/do/recommend" in work.text
        form = await olga.get(f"/cases/{stream}/do/recommend")
        shown = dict(forms_of(form)[-1].pairs)["dossier"]
        check = await olga.does(stream, "recommend", outcome="grant", reasons="Civil end use.")
        assert "Sign: Recommend" in text_of(check)
        assert "recommendation made" in text_of(check).lower()
        assert shown in check.text
        done = await olga.signs(check)
        assert "Recommend is on record as event" in text_of(done)
        assert shown in done.text
    event = (await office.events(stream))[-1]
    assert event.type == "RecommendationMade"
    claims = read_claims(event.proof or "")
    assert isinstance(claims, Claims)
    assert (claims.sub, claims.dossier) == ("olga", shown)
    before = (await office.events(stream))[:-1]
    state = APPLICATION.replay(None, tuple(each.record for each in before))
    assert state is not None
    assert digest(APPLICATION.dossier(state)) == shown
    async with desk.person("carla", Role.COUNTERSIGNER) as carla:
        await carla.signs(await carla.does(stream, "countersign", agrees="yes"))
    status = await office.status(stream)
    if status.status.waiting_for == "executive":
        async with desk.person("vera", Role.EXECUTIVE) as vera:
            await vera.signs(await vera.does(stream, "sign_off", approves="yes"))
    number = (await office.status(stream)).status.license_number
    assert number is not None
    async with desk.person("acme", Role.APPLICANT) as acme:
        assert number in text_of(await acme.get(f"/cases/{stream}"))
        license_ = text_of(await acme.get(f"/cases/license-{number}"))
        assert "Usage" in license_
        assert acn in license_


async def test_a_case_that_moved_on_while_the_form_was_filled_in_is_not_taken_further(
    office: Office, desk: Opened
) -> None:
    stream = await office.submitted()
    path = f"/cases/{stream}/do/recommend"
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        form = await olga.get(path)
        await office.send("oscar", stream, ASKED)
        before = len(await office.events(stream))
        # It may not be recommended at all now; what may be, is asked anew.
        answered = await olga.submit(form, path, {"outcome": "grant", "reasons": "Civil."})
        assert answered.status_code == 409
        await office.send("acme", stream, ANSWERED)
        answered = await olga.submit(form, path, {"outcome": "grant", "reasons": "Civil."})
        assert answered.status_code == 409
        told = text_of(answered)
        assert "The case has moved on" in told
        assert "Which network is it for?" in told
        assert len(await office.events(stream)) == before + 1


async def test_a_hold_that_was_placed_before_the_click_is_shown_and_not_signed_over(
    office: Office, desk: Opened
) -> None:
    stream = await office.submitted()
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        check = await olga.does(stream, "recommend", outcome="grant", reasons="Civil end use.")
        await office.send("oscar", stream, CHECK)
        before = await office.types(stream)
        refused = await olga.signs(check)
        assert refused.status_code == 409
        assert "Nothing was signed" in text_of(refused)
        for page in (refused, await olga.get(f"/cases/{stream}")):
            assert "Hold 1, pre license check (15 CFR 750.4(b)(2)): A visit to the end user." in text_of(page)
        assert await office.types(stream) == before
        # Who has seen it may decide all the same.
        done = await olga.signs(await olga.does(stream, "recommend", outcome="grant", reasons="Civil."))
        assert "Recommend is on record as event" in text_of(done)


async def test_a_case_that_moved_on_before_the_click_is_not_signed(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        check = await olga.does(stream, "recommend", outcome="grant", reasons="Civil end use.")
        await office.send("oscar", stream, ASKED)
        await office.send("acme", stream, ANSWERED)
        before = [event.type for event in await office.events(stream)]
        refused = await olga.signs(check)
        assert refused.status_code == 409
        assert "The case has moved on" in text_of(refused)
        assert "Nothing was signed" in text_of(refused)
        assert [event.type for event in await office.events(stream)] == before
        # Neither is it once the page is loaded again: nothing is shown as signed that is not.
        again = await olga.get(check.url.path)
        assert again.status_code == 409
        assert not [form for form in forms_of(again) if form.action == check.url.path]


async def test_nobody_countersigns_themselves(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    await office.send("oscar", stream, GRANT)
    async with desk.person("oscar", Role.COUNTERSIGNER) as oscar:
        work = await oscar.get("/work")
        assert f"/cases/{stream}/do/countersign" not in work.text
        assert "Not by you: oscar made the recommendation" in text_of(work)
        assert "Countersign: not by you" in text_of(await oscar.get(f"/cases/{stream}"))
        refused = await oscar.get(f"/cases/{stream}/do/countersign")
        assert refused.status_code == 403
        assert "oscar made the recommendation" in text_of(refused)


async def test_a_refusal_is_told_before_and_after_the_signature(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    await office.send("oscar", stream, CHECK)
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        check = await olga.does(stream, "lift_hold", hold="7")
        assert "it will be refused: no_such_hold" in text_of(check)
        refused = await olga.signs(check)
        assert refused.status_code == 409
        assert "no_such_hold" in text_of(refused)


async def test_a_second_click_signs_nothing_more(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        check = await olga.does(stream, "assign", officer="olga")
        done = await olga.signs(check)
        again = await olga.signs(check)
        assert (again.status_code, again.url) == (200, done.url)
        # Neither does a step back to the page that asked for it.
        assert (await olga.get(check.url.path)).url == done.url
    assert (await office.types(stream)).count("CaseAssigned") == 1


async def test_what_is_wrong_with_a_form_is_told_beside_its_fields_and_what_was_typed_stays(
    office: Office, desk: Opened
) -> None:
    stream = await office.submitted()
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        page = await olga.does(stream, "recommend", outcome="deny", reasons="", lines="1, x")
        assert page.status_code == 422
        assert "There is a problem" in text_of(page)
        page = await olga.does(stream, "recommend", outcome="deny", reasons="Risk", lines="1")
        assert "a denial has no lines" in text_of(page)
        assert dict(forms_of(page)[-1].pairs)["reasons"].strip() == "Risk"


async def test_an_application_is_filed_signed_and_found_again(office: Office, desk: Opened) -> None:
    async with desk.person("acme", Role.APPLICANT) as acme:
        empty = await acme.submit(await acme.get("/file"), "/file")
        assert empty.status_code == 422
        typed = {
            "application.applicant": "Acme Networks LLC",
            "application.parties.0.role": "ultimate_consignee",
            "application.parties.0.name": "Lighthouse Telecom AS",
            "application.parties.0.country": "NO",
            "application.items.0.line": "1",
            "application.items.0.description": "Router",
            "application.items.0.classification": "EAR99",
            "application.items.0.quantity": "10",
            "application.items.0.unit": "NO",
            "application.items.0.value.amount": "1,200.50",
            "application.items.0.value.currency": "USD",
            "application.end_use": "A rural network.",
            "application.reference": "Filed at the desk",
        }
        more = await acme.submit(await acme.get("/file"), "/file", {**typed, "add": "application.items"})
        assert 'name="application.items.1.line"' in more.text
        check = await acme.submit(more, "/file", typed)
        assert "Sign: Submit" in text_of(check), text_of(check)[:800]
        done = await acme.signs(check)
        assert "Submit is on record" in text_of(done), text_of(done)[:800]
        number = re.search(r"application-([A-Z][0-9]{6})", str(done.url))
        assert number is not None
        assert "USD 1,200.50" in text_of(await acme.get(f"/cases/application-{number[1]}"))
        assert number[1] in text_of(await acme.get(f"/docket?number={number[1]}"))
