"""The form to open a reprieve: with a policy that there is, and its first term."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError
from starlette.responses import Response

from greenlight.answers import readings
from greenlight.client.signer import new_command_id
from greenlight.desk.asked import Asked, Form, gone_to
from greenlight.desk.fields import Field as FormField
from greenlight.desk.fields import Options, fields_of
from greenlight.desk.filled import Fault, Shown, filled
from greenlight.desk.sessions import Draft
from greenlight.kernel.model import Identifier, Model, Name
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import reprieve_stream
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import OpenReprieve, TermOrder
from greenlight.law.reprieve.policy import Policy
from greenlight.reference.policies import load_policy, names, path_of

PATH: Final = "/reprieves/new"
OPENS: Final = frozenset({Role.EXECUTIVE})
_KEY = FormField(
    name="key",
    label="Key",
    hint="By which it is known, in small letters, such as rural-networks. It stands in addresses.",
    kind="line",
    needed=True,
)
_VALID: TypeAdapter[str] = TypeAdapter(Identifier)
_AS: Final = "as "
"""Begins the choice of what another reprieve is decided by."""


class Opening(Model):
    """The words of an executive who opens one."""

    title: Name
    policy: Annotated[
        Name,
        Field(description="The table by which it is decided what follows each term. It is signed whole."),
    ]
    term: TermOrder


async def form(asked: Asked) -> Response:
    """The form, empty or as it was before."""
    asked.must_be(OPENS)
    return _page(asked, Shown(await _fields(asked), asked.typed_before or Form()))


async def answered(asked: Asked) -> Response:
    """On to the page where it is signed, or back with what is wrong."""
    asked.must_be(OPENS)
    fields = await _fields(asked)
    said = filled(Opening, fields[1:], asked.form)
    if isinstance(said, Shown) and said.more:
        return _page(asked, said._replace(fields=fields))
    key = asked.form.one(_KEY.name).strip()
    policy = None if isinstance(said, Shown) else await _policy(asked, said.policy)
    wrong = [Fault(_KEY.name, _KEY.label, fault)] if (fault := await _fault(asked, key)) else []
    if isinstance(said, Shown):
        wrong += said.faults
    elif policy is None:
        wrong.append(Fault("policy", fields[2].label, "Choose one of these"))
    if isinstance(said, Shown) or policy is None or wrong:
        return _page(asked, Shown(fields, asked.form, tuple(wrong)))
    draft = Draft(
        stream=reprieve_stream(key),
        body=OpenReprieve(title=said.title, policy=policy, term=said.term),
        command_id=new_command_id(),
        version=0,
        dossier=None,
        typed=asked.form.pairs,
    )
    return gone_to(f"/drafts/{asked.session.keep(draft)}")


async def _fault(asked: Asked, key: str) -> str:
    """The fault of a key; empty: none."""
    try:
        _VALID.validate_python(key)
    except ValidationError:
        return "Small letters, digits, dots and dashes, up to 64"
    return "There is a reprieve of that key already" if await asked.house.reader.reprieves(key) else ""


async def _fields(asked: Asked) -> tuple[FormField, ...]:
    shipped: Options = tuple((name, f"{name}, which comes with the service") for name in names())
    rows = await asked.house.reader.reprieves()
    on_record: Options = tuple((f"{_AS}{row.key}", f"The one that {row.key} is decided by") for row in rows)
    choices: Mapping[str, Options] = {"policy": (*shipped, *on_record)}
    return (_KEY, *fields_of(Opening, choices=choices))


async def _policy(asked: Asked, named: str) -> Policy | None:
    """The policy that was chosen, that of another reprieve noted as read; None: there is none such."""
    if named in names():
        return load_policy(path_of(named))
    key = named.removeprefix(_AS)
    if key == named or not await asked.house.reader.reprieves(key):
        return None
    stream = reprieve_stream(key)
    case = await readings.told(asked.house.reader, REPRIEVE, stream)
    if isinstance(case, Refusal):
        return None
    await asked.note(stream, REPRIEVE, "policy")
    return case.state.policies[-1].policy


def _page(asked: Asked, shown: Shown) -> Response:
    return asked.page("reprieve_new.html", 422 if shown.faults else 200, shown=shown)
