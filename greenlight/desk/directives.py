"""Directives: those on record, and the form to issue one, with what it would move before it is signed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from greenlight.answers.directed import Move, Moves, moved_by
from greenlight.client.signer import new_command_id
from greenlight.desk.asked import Asked, Form, gone_to
from greenlight.desk.fields import Field, Options, fields_of
from greenlight.desk.filled import Fault, Shown
from greenlight.desk.filled import filled as read_form
from greenlight.desk.sessions import Draft
from greenlight.kernel.model import Identifier
from greenlight.kernel.roles import LICENSING, Role
from greenlight.kernel.streams import directive_stream, stream_key
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.directive.routing import reason_of

NAMED = 100
"""Cases that would move, told one by one; further ones are counted."""

_ISSUES = frozenset({Role.EXECUTIVE})
_KEY = Field(
    name="key",
    label="Key",
    hint="By which it is known, in small letters, such as green-light-2019. It stands in addresses.",
    kind="line",
    needed=True,
)
_VALID: TypeAdapter[str] = TypeAdapter(Identifier)


class Foretold(NamedTuple):
    """``named`` are those of the moved that are told one by one, ``stay`` how many would not move and why."""

    moves: Moves
    named: tuple[Move, ...]
    stay: tuple[tuple[int, str, str], ...]


async def directives(asked: Asked) -> Response:
    """All directives, and how far each is."""
    asked.must_be(LICENSING)
    rows = await asked.house.reader.directives()
    await asked.house.access.note_all(asked.caller, (directive_stream(row.key) for row in rows), "directives")
    return asked.page("directives.html", directives=rows, may_issue=asked.caller.role in _ISSUES)


async def form(asked: Asked) -> Response:
    """The form to issue one, empty or as it was before."""
    asked.must_be(_ISSUES)
    return _page(asked, Shown((_KEY, *await _fields(asked)), asked.typed_before or Form()))


async def filled(asked: Asked) -> Response:
    """On to the page where it is signed, or back with what is wrong."""
    asked.must_be(_ISSUES)
    fields = await _fields(asked)
    body = read_form(IssueDirective, fields, asked.form)
    key, wrong = asked.form.one(_KEY.name).strip(), ()
    try:
        _VALID.validate_python(key)
    except ValidationError:
        wrong = (Fault(_KEY.name, _KEY.label, "Small letters, digits, dots and dashes, up to 64"),)
    if not wrong and await asked.house.reader.directives(key):
        wrong = (Fault(_KEY.name, _KEY.label, "There is a directive of that key already"),)
    if isinstance(body, Shown) or wrong:
        faults = (*wrong, *(body.faults if isinstance(body, Shown) else ()))
        return _page(asked, Shown((_KEY, *fields), asked.form, faults))
    draft = Draft(
        stream=directive_stream(key),
        body=body,
        command_id=new_command_id(),
        version=0,
        dossier=None,
        typed=asked.form.pairs,
    )
    return gone_to(f"/drafts/{asked.session.keep(draft)}")


async def foretold(asked: Asked, draft: Draft) -> Foretold | None:
    """The cases that a directive would move, those named noted as read; None: the draft is none."""
    if not isinstance(draft.body, IssueDirective):
        return None
    key = stream_key(draft.stream)
    moves = await moved_by(asked.house.reader, key, draft.body, asked.caller, datetime.now(UTC))
    named = moves.moved[:NAMED]
    await asked.house.access.note_all(asked.caller, (each.stream for each in named), "preview")
    stay = tuple((each.number, each.outcome, reason_of(each.row) or "") for each in moves.stay)
    return Foretold(moves, named, stay)


async def _fields(asked: Asked) -> tuple[Field, ...]:
    """Those of the order. What it may take the place of is chosen of what is on record."""
    rows = await asked.house.reader.directives()
    on_record: Options = tuple((row.key, row.key) for row in rows if not row.closed)
    choices: Mapping[str, Options] = {"supersedes": on_record} if on_record else {}
    return fields_of(IssueDirective, choices=choices)


def _page(asked: Asked, shown: Shown) -> Response:
    return asked.page("directive_new.html", 422 if shown.faults else 200, shown=shown)
