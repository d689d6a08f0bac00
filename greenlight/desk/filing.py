"""Filing an application: one form, in the order in which people have things at hand."""

from dataclasses import replace

from starlette.responses import Response

from greenlight.client.numbers import control_numbers
from greenlight.client.signer import new_command_id
from greenlight.desk.asked import Asked, Form, gone_to
from greenlight.desk.fields import Field, fields_of
from greenlight.desk.filled import Shown
from greenlight.desk.filled import filled as read_form
from greenlight.desk.sessions import Draft
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import Submit

_MAY = frozenset({Role.APPLICANT})


async def form(asked: Asked) -> Response:
    """The form, empty or as it was before."""
    asked.must_be(_MAY)
    return _page(asked, Shown(_fields(), asked.typed_before or Form()))


async def filled(asked: Asked) -> Response:
    """On to the page where it is signed, or back with what is wrong. The control number follows from the
    command's id, so that the same filing twice is one."""
    asked.must_be(_MAY)
    body = read_form(Submit, _fields(), asked.form)
    if isinstance(body, Shown):
        return _page(asked, body)
    command_id = new_command_id()
    draft = Draft(
        stream=application_stream(control_numbers(command_id)[0]),
        body=body,
        command_id=command_id,
        version=0,
        dossier=None,
        typed=asked.form.pairs,
    )
    return gone_to(f"/drafts/{asked.session.keep(draft)}")


def _fields() -> tuple[Field, ...]:
    """Without attachments: nobody types the digest of a document."""
    return tuple(
        replace(each, inside=tuple(part for part in each.inside if part.name != "attachments"))
        for each in fields_of(Submit)
    )


def _page(asked: Asked, shown: Shown) -> Response:
    return asked.page("file.html", 422 if shown.faults else 200, shown=shown)
