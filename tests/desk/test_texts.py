"""Texts that people write are texts on every page, and in no address."""

import re
from html.parser import HTMLParser

import httpx

from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Answer, Recommend, RequestInformation
from greenlight.law.application.dossier import Submission
from tests.desk.desks import Opened, forms_of
from tests.law.application.cases import new_submission
from tests.workflows.office import Office

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "img", "iframe", "object", "style", "svg", "foreignobject", "use", "animate"}:
            # The picture of a case in time is ours.
            self.bad += [tag] if ("class", "lanes") not in attrs else []
        self.bad += [name for name, _ in attrs if name.startswith("on") or name == "style"]


def _must_be_clean(page: httpx.Response) -> None:
    reader = _Elements()
    reader.feed(page.text)
    assert not reader.bad, (page.url, reader.bad)


async def test_what_people_write_is_text_on_every_page(office: Office, desk: Opened) -> None:
    filed = new_submission()
    dumped = filed.model_dump(mode="json")
    dumped["applicant"] = dumped["end_use"] = dumped["reference"] = EVIL
    for each in (*dumped["parties"],):
        each["name"] = f"Quiet {EVIL}"[:290]
    for each in dumped["items"]:
        each["description"] = EVIL
    stream = await office.submitted(Submission.model_validate(dumped))
    await office.send("olga", stream, RequestInformation(request=EVIL))
    await office.send("acme", stream, Answer(answer=EVIL))
    people = (("olga", Role.LICENSING_OFFICER), ("acme", Role.APPLICANT))
    for officer, role in people:
        async with desk.person(officer, role) as person:
            page = await person.get(f"/cases/{stream}")
            assert "alert(1)" in page.text
            _must_be_clean(page)
            for path in set(re.findall(r'href="(/cases/[^"]+/do/[^"]+)"', page.text)):
                _must_be_clean(await person.get(path.replace("&amp;", "&")))
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        # Said by a form, shown on the page that is signed, and once more with what is wrong.
        path = f"/cases/{stream}/do/place_hold"
        check = await olga.does(stream, "place_hold", kind="pre_license_check", reason=EVIL)
        assert "alert(1)" in check.text
        _must_be_clean(check)
        _must_be_clean(await olga.signs(check))
        _must_be_clean(await olga.submit(await olga.get(path), path, {"kind": EVIL, "reason": EVIL}))
        _must_be_clean(await olga.http.get("/docket", params={"number": EVIL}))
    if (await office.status(stream)).status.waiting_for == "licensing_officer":
        proposal = Recommend.model_validate(
            {"outcome": "grant", "reasons": EVIL, "conditions": [EVIL], "riders": [EVIL]}
        )
        await office.send("olga", stream, proposal)
        async with desk.person("carla", Role.COUNTERSIGNER) as carla:
            page = await carla.get(f"/cases/{stream}/do/countersign")
            assert page.text.count("alert(1)") > 3
            _must_be_clean(page)


async def test_what_an_executive_writes_into_an_order_is_text(office: Office, desk: Opened) -> None:
    order = {
        "key": "evil",
        "title": EVIL,
        "scope.destinations": "GS",
        "scope.entities": EVIL,
        "posture": "case_by_case",
        "condition": EVIL,
        "citation": EVIL,
        "reasons": EVIL,
    }
    async with desk.person("vera", Role.EXECUTIVE) as vera:
        form = await vera.get("/directives/new")
        refused = await vera.submit(form, "/directives/new", {**order, "key": EVIL, "effective": EVIL})
        _must_be_clean(refused)
        assert refused.text.count("alert(1)") > 4
        check = await vera.submit(form, "/directives/new", order)
        _must_be_clean(check)
        done = await vera.signs(check)
        _must_be_clean(done)
        page = await vera.get("/cases/directive-evil")
        assert page.text.count("alert(1)") > 4
        _must_be_clean(page)
        _must_be_clean(await vera.get("/directives"))
        _must_be_clean(await vera.get("/cases/directive-evil/do/rescind_directive"))


async def test_no_address_on_a_page_tells_a_name(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        page = await olga.get(f"/cases/{stream}")
    state = new_submission()
    addresses = " ".join(re.findall(r'(?:href|action)="([^"]*)"', page.text)).lower()
    for word in (state.applicant, *(party.name for party in state.parties)):
        assert word.split()[0].lower() not in addresses


async def test_what_hides_or_turns_the_writing_is_seen_and_what_was_typed_stays(
    office: Office, desk: Opened
) -> None:
    turned = "Safe Co \u202eiewauH"
    filed = new_submission()
    parties = (filed.parties[0].model_copy(update={"name": turned}), *filed.parties[1:])
    stream = await office.submitted(filed.model_copy(update={"parties": parties}))
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        page = await olga.get(f"/cases/{stream}")
        assert "Safe Co ‹U+202E›iewauH" in page.text
        assert "\u202e" not in page.text
        check = await olga.does(stream, "place_hold", kind="pre_license_check", reason=turned)
        assert "‹U+202E›" in check.text
        # Back at the form, it is what was typed, not what stands for it.
        path = f"/cases/{stream}/do/place_hold"
        again = await olga.submit(await olga.get(path), path, {"kind": "", "reason": turned})
        assert again.status_code == 422
        assert dict(forms_of(again)[-1].pairs)["reason"].strip() == turned
