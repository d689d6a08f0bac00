"""A request as a room has it: who asks, what they typed, and the page that answers them."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from greenlight.answers import readings
from greenlight.answers.caller import Caller
from greenlight.answers.search import Search
from greenlight.desk.ceremonies import Ceremonies
from greenlight.desk.news import News
from greenlight.desk.pages import page
from greenlight.desk.sessions import Session, Sessions
from greenlight.desk.ways import DevelopmentKey, DevelopmentKeys
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import LICENSING, REVIEWING, Role
from greenlight.law.registry import AnyAggregate
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.rule.aggregate import RULE
from greenlight.serving.house import House
from greenlight.serving.problems import Problem, malformed, no_such_case, of_refusal

MOST_FIELDS = 2_000
_STREAM = re.compile(r"[a-z]+-[A-Za-z0-9._-]{1,80}", re.ASCII)
TOKEN = "token"  # noqa: S105 - the name of a field
"""The field by which a form shows that it is ours."""
TO = "to"
"""The field, and the part of an address, by which somebody who signs in says where they were going."""
_PAGE = re.compile(r"/(?:[A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+", re.ASCII)
WITH_CASES = LICENSING | REVIEWING | {Role.APPLICANT}

_ROOMS = (
    ("/work", "My work", frozenset(Role)),
    ("/docket", "Docket", WITH_CASES),
    ("/licenses", "Licenses", WITH_CASES),
    ("/file", "File an application", frozenset({Role.APPLICANT})),
    ("/may-i-ship", "May I ship?", LICENSING | {Role.APPLICANT}),
    ("/batches", "Batches", LICENSING),
    ("/directives", "Directives", LICENSING),
    ("/reprieves", "Reprieves", REPRIEVE.open_to),
    ("/rules", "Rules", RULE.open_to),
    ("/lists", "Lists", LICENSING),
    ("/outlook", "Outlook", LICENSING),
    ("/statistics", "Statistics", LICENSING),
    ("/audit", "Audit", LICENSING),
)
"""The rooms that people go to, with their names, and for whom they are."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that rooms work with. ``keys``: those of made-up people; None: nobody signs by them here;
    ``news``: what pages that are open hear of."""

    house: House
    sessions: Sessions
    origin: str
    keys: DevelopmentKeys | None
    news: News
    ceremonies: Ceremonies = field(default_factory=Ceremonies)
    search: Search = field(default_factory=Search)

    async def caller(self, session: Session) -> Caller | Refusal:
        """Whoever signed in, as the register has them now; or why they may not go on.

        :raises LogUnavailableError: the register cannot be asked.
        """
        if isinstance(session.way, DevelopmentKey):
            trial = self.keys is not None and await self.keys.count(self.house.reader)
            if not trial:
                return Refusal(RefusalCode.KEY_NOT_VALID, "the log is not one of development, or no longer")
        return await self.house.callers.held(session.way.kid, session.role)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of somebody who has signed in, in one of their roles; ``roles`` are all of them."""

    request: Request
    desk: Desk
    session: Session
    caller: Caller
    roles: frozenset[Role]
    form: "Form"

    @property
    def house(self) -> House:
        return self.desk.house

    def page(self, template: str, status: int = 200, **said: object) -> Response:
        """A page for whoever asks."""
        return page(
            template,
            status,
            **{
                "signed_in": self.caller,
                "way": self.session.way.called,
                "roles": [role for role in Role if role in self.roles and role is not Role.REGISTRAR],
                "token": self.desk.sessions.token(self.session.name),
                "path": self.request.url.path,
                "rooms": [(to, called) for to, called, roles in _ROOMS if self.caller.role in roles],
                "now": datetime.now(UTC),
                **said,
            },
        )

    def must_be(self, roles: frozenset[Role]) -> None:
        """:raises Problem: the room is not for their role."""
        if self.caller.role not in roles:
            raise Problem(403, "wrong_role", f"this is not answered to the role {self.caller.role}")

    async def opened(self, stream: str) -> AnyAggregate:
        """The kind of a stream that they may read.

        :raises Problem: there is none, or none that they may know of.
        """
        if _STREAM.fullmatch(stream) is None:
            raise no_such_case(stream)
        kind = await readings.opened(self.house.scope, self.caller, stream)
        if isinstance(kind, Refusal):
            raise of_refusal(kind)
        return kind

    async def note(self, stream: str, kind: AnyAggregate, what: str) -> None:
        """Note that they read something of a stream, unless everybody may."""
        if kind.open_to != frozenset(Role):
            await self.house.access.note(self.caller, stream, what)

    async def events(self, stream: str, after: int = 0) -> list[StoredEvent]:
        return [event async for event in self.house.reader.stream(stream, after)]

    @property
    def is_party(self) -> bool:
        """They read for an applicant or licensee."""
        return self.caller.role is Role.APPLICANT

    @property
    def typed_before(self) -> "Form | None":
        """The form as it was filled in, to which somebody comes back from the page where it is signed."""
        draft = self.session.drafts.get(self.request.query_params.get("draft", ""))
        return Form(draft.typed) if draft is not None else None


Room = Callable[[Asked], Awaitable[Response]]


class Form:
    """Names and values that were typed; a name may come several times."""

    def __init__(self, pairs: tuple[tuple[str, str], ...] = ()) -> None:
        self.pairs = pairs
        self._first = dict(reversed(pairs))

    @classmethod
    async def of(cls, request: Request) -> "Form":
        """The form of a request.

        :raises Problem: it is none.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise Problem(415, "unsupported_media_type", "only a form of this service is taken here")
        try:
            text = (await request.body()).decode()
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
        except ValueError:
            raise malformed("the form cannot be read") from None
        return cls(tuple(pairs))

    def one(self, name: str) -> str:
        """A value; empty where there is none."""
        return self._first.get(name, "")

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.pairs if each == name]

    def has_any(self, prefix: str) -> bool:
        """Tell whether something was typed into a field or a part of it."""
        return any(
            value.strip() and (name == prefix or name.startswith(f"{prefix}.")) for name, value in self.pairs
        )

    def rows(self, prefix: str) -> int:
        """The number of rows that were shown of a list."""
        found = {
            place
            for name, _ in self.pairs
            if name.startswith(f"{prefix}.")
            and (place := place_of(name[len(prefix) + 1 :].partition(".")[0])) is not None
        }
        return min(max(found, default=-1) + 1, 100)

    @property
    def values(self) -> Mapping[str, str]:
        return self._first


def place_of(said: str) -> int | None:
    """A place, counted from 0, as an address or the name of a field has it; None: it is none."""
    return int(said) if said.isdecimal() and said.isascii() and len(said) <= 4 else None


def going_to(said: str) -> str:
    """The page of this desk that somebody was going to, by its path alone; their work where it is none."""
    return said if len(said) <= 200 and _PAGE.fullmatch(said) else "/work"


def gone_to(path: str) -> Response:
    """The reader is sent to another page, which a reload shows again without sending anything anew."""
    return RedirectResponse(path, 303)
