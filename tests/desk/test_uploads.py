"""Documents are brought at the desk by a form with a file, by the applicant alone and without any script."""

from collections.abc import AsyncGenerator
from contextlib import ExitStack, suppress

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, expect

from greenlight.desk.uploads import parts_of
from greenlight.kernel.roles import Role
from greenlight.law.application.attachments import MAX_BYTES, Attachment, MediaType, digest_of
from greenlight.serving.problems import Problem
from tests.desk.browsers import NARROW, WIDE, browser, fits, is_accessible, sign_in, tab
from tests.desk.desks import Opened, Person, forms_of, text_of
from tests.law.application.cases import new_submission
from tests.workflows.office import Office

PLAN = b"%PDF-1.7 \r\n--x\r\n\x00\xff The network plan\r\n"
ROWS = b"line;site\n1;Oslo\n" * 20_000
"""More than any other form may have."""
ATTACHED = (
    Attachment(title="Network plan", type=MediaType.PDF, size=len(PLAN), digest=digest_of(PLAN)),
    Attachment(title="Sites", type=MediaType.CSV, size=len(ROWS), digest=digest_of(ROWS)),
)
ACME, GLOBEX = ("acme", Role.APPLICANT), ("globex", Role.APPLICANT)


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncGenerator[Browser]:
    async with browser() as opened:
        yield opened


async def filed(office: Office) -> str:
    return await office.submitted(new_submission().model_copy(update={"attachments": ATTACHED}))


async def token_of(person: Person) -> str:
    return dict(forms_of(await person.get("/work"))[0].pairs)["token"]


async def bring(person: Person, path: str, token: str, content: bytes, **headers: str) -> httpx.Response:
    return await person.http.post(
        path,
        data={"token": token},
        files={"document": ("a name.pdf", content, "application/pdf")},
        headers=headers,
        follow_redirects=False,
    )


async def test_a_document_is_brought_by_a_form(office: Office, desk: Opened) -> None:
    stream = await filed(office)
    async with desk.session(*ACME) as acme:
        page = await acme.get(f"/cases/{stream}")
        assert text_of(page).count("not brought yet") == 2
        for number, content in enumerate((PLAN, ROWS), 1):
            path = f"/cases/{stream}/attachments/{number}"
            (form,) = [each for each in forms_of(page) if each.action == path]
            assert form.names == {"token", "document"}
            answer = await bring(acme, path, dict(form.pairs)["token"], content)
            assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{stream}#attached-h")
            assert (await acme.http.get(path)).content == content
        assert "not brought yet" not in text_of(await acme.get(f"/cases/{stream}"))
        # Once more changes nothing.
        again = await bring(acme, f"/cases/{stream}/attachments/1", await token_of(acme), PLAN)
        assert again.status_code == 303


async def test_other_files_are_refused_and_none_are_kept(office: Office, desk: Opened) -> None:
    stream = await filed(office)
    path = f"/cases/{stream}/attachments/1"
    async with desk.session(*ACME) as acme:
        token = await token_of(acme)
        for content, said in (
            (PLAN[:-1] + b"!", "This is another file: its digest is another than sha256:"),
            (b"", f"This is another file: it has 0 bytes, and the filing names {len(PLAN)}"),
            (b"x" * (len(PLAN) + 10_000), f"the file has more than {len(PLAN)} bytes"),
            (b"x" * (MAX_BYTES + 10_000), f"the file has more than {len(PLAN)} bytes"),
        ):
            answer = await bring(acme, path, token, content)
            assert answer.status_code == 422
            assert said.lower() in text_of(answer).lower()
            assert f'href="/cases/{stream}"' in answer.text
        for number in ("0", "3", "x", "١"):
            answer = await bring(acme, f"/cases/{stream}/attachments/{number}", token, PLAN)
            assert answer.status_code == 404
        plain = await acme.post(path, [("token", token)], follow=False)
        assert plain.status_code == 415
        assert (await acme.http.get(path)).status_code == 404


async def test_nobody_else_brings_it_and_no_page_of_another_site(office: Office, desk: Opened) -> None:
    stream = await filed(office)
    path = f"/cases/{stream}/attachments/1"
    async with (
        desk.session(*ACME) as acme,
        desk.session(*GLOBEX) as globex,
        desk.session("olga", Role.LICENSING_OFFICER) as olga,
        desk.nobody() as nobody,
    ):
        token, theirs = await token_of(acme), await token_of(globex)
        assert (await bring(globex, path, theirs, PLAN)).status_code == 404
        assert (await bring(olga, path, await token_of(olga), PLAN)).status_code == 403
        # Nothing is read of who has not signed in: they hear where to, or of a connection that was closed.
        with suppress(httpx.TransportError):
            away = await bring(nobody, path, token, PLAN)
            assert (away.status_code, away.headers["location"].partition("?")[0]) == (303, "/sign-in")
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await bring(acme, path, token, PLAN, **headers)).status_code == 403
        for forged in ("", theirs, "0" * 64):
            assert (await bring(acme, path, forged, PLAN)).status_code == 403
        assert (await acme.http.get(path)).status_code == 404
        with ExitStack() as others:
            for each in range(6):
                others.enter_context(desk.desk.house.brought.of(f"key {each}", f"organisation {each}"))
            assert (await bring(acme, path, token, PLAN)).status_code == 503
        assert (await bring(acme, path, token, PLAN)).status_code == 303


FORM = (
    b'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\nt\r\n'
    b'--b\r\nContent-Disposition: form-data; name="document"; filename="x"\r\n'
    b"Content-Type: text/plain\r\n\r\n\r\nfile\r\n\r\n--b--\r\n"
)
KIND = "multipart/form-data; boundary=b"


def test_a_form_is_read_byte_for_byte_and_nothing_else_is_one() -> None:
    assert parts_of(KIND, FORM) == {"token": b"t", "document": b"\r\nfile\r\n"}
    for kind, body in (
        (KIND, FORM[:-6]),
        (KIND, FORM[1:]),
        (KIND, FORM.replace(b"--b--", b"--b\r\n\r\nmore\r\n--b--")),
        (KIND, FORM.replace(b'"document"', b'"token"')),
        (KIND, FORM.replace(b'; name="token"', b"")),
        (KIND, FORM.replace(b"form-data; name", b"x" * 9_000)),
        (KIND, b""),
        ("multipart/form-data", FORM),
        ("multipart/mixed; boundary=b", FORM),
        ("", FORM),
    ):
        with pytest.raises(Problem):
            parts_of(kind, body)


@pytest.mark.filterwarnings("default::DeprecationWarning")
@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_a_browser_without_scripts_brings_it(
    office: Office, desk: Opened, chromium: Browser, width: int
) -> None:
    stream = await filed(office)
    async with tab(chromium, desk, width=width) as page:
        await sign_in(page, *ACME)
        await page.goto(f"/cases/{stream}")
        await is_accessible(page, "attachments")
        await fits(page)
    context = await chromium.new_context(java_script_enabled=False, base_url=desk.url)
    page = await context.new_page()
    await sign_in(page, *ACME)
    await page.goto(f"/cases/{stream}")
    file = FilePayload(name="plan.pdf", mimeType="application/pdf", buffer=PLAN)
    await page.get_by_label("The file of attachment 1").set_input_files(file)
    await page.get_by_role("button", name="Bring attachment 1").click()
    await page.wait_for_url("**#attached-h")
    await expect(page.get_by_role("link", name="Network plan")).to_be_visible()
    await expect(page.get_by_label("The file of attachment 1")).to_have_count(0)
    await page.get_by_label("The file of attachment 2").set_input_files(file)
    await page.get_by_role("button", name="Bring attachment 2").click()
    await expect(page.get_by_role("main")).to_contain_text("another file")
    await context.close()
