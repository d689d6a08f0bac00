"""A desk on a free port, as the program opens it, and people with a browser that runs no scripts."""

import re
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import httpx

from greenlight.answers.listed import Shipped
from greenlight.client import Keyring
from greenlight.desk.app import app
from greenlight.desk.asked import Desk
from greenlight.desk.cookies import COOKIE
from greenlight.desk.news import news_of
from greenlight.desk.sessions import Sessions
from greenlight.desk.ways import DevelopmentKey, DevelopmentKeys
from greenlight.kernel.roles import Role
from greenlight.reference.listings import load_listings
from greenlight.reference.rules import load_rules
from greenlight.serving.house import house
from greenlight.serving.limits import Rate
from greenlight.serving.listening import address_of, listening
from greenlight.serving.server import served
from tests.door.doors import kept_in, tables
from tests.workflows.office import Office

PATIENCE = timedelta(seconds=60)


@dataclass
class Form:
    """A form on a page: where it goes, and what is in it before anybody types."""

    action: str
    method: str
    pairs: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    names: set[str] = field(default_factory=set[str])


class _Reader(HTMLParser):
    """The forms of a page, and the ids on it."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._area: str | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get")))
        if not self.forms:
            return
        form = self.forms[-1]
        name = told.get("name", "")
        if tag in {"input", "textarea", "select"} and name:
            form.names.add(name)
        if tag == "input" and (told.get("type") not in {"checkbox", "radio"} or "checked" in told):
            form.pairs.append((name, told.get("value", "")))
        elif tag == "textarea":
            self._area = name
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._select[1].append((told.get("value", ""), "selected" in told))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.forms[-1].pairs.append((self._area, data))
            self._area = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select" and self._select:
            name, options = self._select
            chosen = next((value for value, selected in options if selected), options[0][0])
            self.forms[-1].pairs.append((name, chosen))
            self._select = None


def forms_of(page: httpx.Response) -> list[Form]:
    reader = _Reader()
    reader.feed(page.text)
    return reader.forms


def text_of(page: httpx.Response) -> str:
    """The words of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


class Person:
    """Somebody with a browser, who follows links and fills in forms."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path, follow_redirects=True)

    async def sign_in(self, officer: str, role: Role) -> httpx.Response:
        page = await self.get("/sign-in")
        return await self.submit(page, "/sign-in", {"as": f"{officer} {role}"})

    async def submit(
        self,
        page: httpx.Response,
        action: str,
        typed: Mapping[str, str | Iterable[str]] | None = None,
        *,
        follow: bool = True,
    ) -> httpx.Response:
        """Fill in the form on a page that goes to ``action``, and send it."""
        form = next((each for each in forms_of(page) if each.action == action), None)
        assert form is not None, f"no form to {action} on {page.url}: {text_of(page)[:500]}"
        changes = typed or {}
        pairs = [(name, value) for name, value in form.pairs if name not in changes]
        for name, value in changes.items():
            pairs += [(name, value)] if isinstance(value, str) else [(name, each) for each in value]
        if form.method == "get":
            return await self.http.get(f"{action}?{urlencode(pairs)}", follow_redirects=follow)
        return await self.post(action, pairs, follow=follow)

    async def post(
        self, path: str, pairs: Iterable[tuple[str, str]], *, follow: bool = True, **headers: str
    ) -> httpx.Response:
        body = urlencode(list(pairs))
        return await self.http.post(
            path,
            content=body,
            headers={"Content-Type": "application/x-www-form-urlencoded", **headers},
            follow_redirects=follow,
        )

    async def does(self, stream: str, command: str, **typed: str | Iterable[str]) -> httpx.Response:
        """Fill in the form of a command, on to the page where it is signed."""
        path = f"/cases/{stream}/do/{command}"
        return await self.submit(await self.get(path), path, typed)

    async def signs(self, page: httpx.Response) -> httpx.Response:
        """Sign on the page that asks for it."""
        return await self.submit(page, page.url.path)


@dataclass
class Opened:
    """An open desk. Its people are whom the office has."""

    url: str
    desk: Desk
    folder: Path

    @asynccontextmanager
    async def nobody(self) -> AsyncGenerator[Person]:
        async with httpx.AsyncClient(base_url=self.url, timeout=60) as http:
            yield Person(http)

    @asynccontextmanager
    async def session(self, officer: str, role: Role) -> AsyncGenerator[Person]:
        """Somebody who has signed in before, without a look at the page where people do."""
        way = DevelopmentKey(Keyring(self.folder).signer(officer).key)
        async with self.nobody() as person:
            person.http.cookies.set(COOKIE, self.desk.sessions.begin(officer, way, role).name)
            yield person

    @asynccontextmanager
    async def person(self, officer: str, role: Role) -> AsyncGenerator[Person]:
        """Somebody who has signed in."""
        async with self.nobody() as person:
            page = await person.sign_in(officer, role)
            assert page.url.path == "/work", text_of(page)
            yield person


@asynccontextmanager
async def open_desk(office: Office, keys: Path, tiles: Path, *, trial: bool = True) -> AsyncGenerator[Opened]:
    """A desk for as long as the context lasts."""
    with listening("127.0.0.1:0", "desk") as opened:
        url = f"http://{address_of(opened)}"
        async with (
            news_of(office.service.target.database_url) as news,
            house(
                office.service.target.database_url,
                office.temporal,
                tiles=tiles,
                patience=PATIENCE,
                shipped=Shipped(load_listings(None)),
                rules=load_rules(),
                tables=tables(),
                rate=10_000,
                burst=10_000,
                share=0.25,
                attachments=kept_in(tiles.parent / "attachments"),
                application="greenlight-desk",
            ) as within,
        ):
            origin = f"http://localhost:{opened.getsockname()[1]}"
            # Tests sign in more often than people do.
            within = replace(within, failures=Rate(10_000, 10_000))
            desk = Desk(within, Sessions(), origin, DevelopmentKeys(keys) if trial else None, news)
            async with served(app(desk), opened, share=within.share):
                try:
                    yield Opened(url, desk, keys)
                finally:
                    news.close()
