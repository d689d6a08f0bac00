"""The lists that parties are held against: how each stands, and what the version that waits would change."""

import asyncio
from typing import Final, NamedTuple

from pydantic import JsonValue
from starlette.responses import Response

from greenlight.answers.errors import ListMissingError
from greenlight.answers.versions import stored_versions
from greenlight.desk.asked import Asked
from greenlight.desk.cases import read
from greenlight.desk.pages import plain
from greenlight.kernel.model import Digest
from greenlight.kernel.roles import LICENSING
from greenlight.kernel.streams import list_stream
from greenlight.law.screening_list.state import ListState
from greenlight.lists.difference import Change, Difference, difference
from greenlight.serving.problems import Problem

SHOWN: Final = 500
"""Entries of each kind that are told one by one; further ones are counted."""


class Changed(NamedTuple):
    """An entry that says something else: of each member what it was, and what it is. ``renames``: it is not
    found any more by a name, or at a time, by which it was."""

    key: str
    name: str
    renames: bool
    members: tuple[tuple[str, str, str], ...]


async def lists(asked: Asked) -> Response:
    """All lists, and what waits for a second officer."""
    asked.must_be(LICENSING)
    rows = await asked.house.reader.lists()
    return asked.page("lists.html", lists=rows)


async def differing(asked: Asked) -> Response:
    """Entry by entry, what the version that waits has otherwise than the current one."""
    asked.must_be(LICENSING)
    found = await read(asked, list_stream(asked.request.path_params["key"]))
    state = found.state
    assert isinstance(state, ListState), "its stream is a list's"
    if state.held is None:
        detail = "No version waits for a second officer any more."
        raise Problem(409, "nothing_held", detail, more={"stream": found.stream})
    told = await _difference(asked, state)
    return asked.page(
        "list_difference.html",
        key=state.key,
        held=state.held,
        found=told,
        changed=tuple(map(_changed, told.changed[:SHOWN])),
        most=SHOWN,
    )


_kept: dict[tuple[Digest | None, Digest], Difference] = {}
_reading = asyncio.Lock()


async def _difference(asked: Asked, state: ListState) -> Difference:
    """Read once for as long as nothing else waits: files are large, and what is behind a digest stays.

    :raises Problem: one of the versions cannot be read.
    """
    assert state.held is not None, "something waits"
    between = (state.digest, state.held.content.digest)
    async with _reading:
        if between not in _kept:
            try:
                books = await stored_versions(asked.house.reader, state, asked.house.standing.shipped.book)
            except ListMissingError as error:
                raise Problem(409, "not_stored", f"{error}.") from None
            assert books.held is not None, "something waits"
            told = await asyncio.to_thread(difference, books.current, books.held)
            _kept.clear()
            _kept[between] = told
        return _kept[between]


def _changed(change: Change) -> Changed:
    before, after = change.before.model_dump(mode="json"), change.after.model_dump(mode="json")
    members = tuple((name, _said(before[name]), _said(after[name])) for name in change.what)
    return Changed(change.after.key, change.after.name, change.renames, members)


def _said(value: JsonValue) -> str:
    return plain(value) or "none"
