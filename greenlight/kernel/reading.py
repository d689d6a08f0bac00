"""From a message as it came to a command that can be decided, or a question, or the reason why it is none."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.authority import SignedCommand, read_command
from greenlight.kernel.body import Body
from greenlight.kernel.clock_kind import Kind, clock_objection
from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Proof
from greenlight.kernel.messages import Incoming
from greenlight.kernel.model import Model
from greenlight.kernel.problems import problems
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.streams import stream_key
from greenlight.kernel.written import form_objection

S = TypeVar("S", bound=Staged)
M = TypeVar("M", bound=Model)

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


@dataclass(frozen=True, slots=True)
class Reading:
    """A command that could be read, and the proof that came with it, unverified. ``at``: in a rehearsal, when
    it comes."""

    command: Command[Body]
    proof: Proof
    at: datetime | None = None


def read(
    aggregate: Aggregate[S], stream: str, incoming: Incoming, kind: Kind | None = Kind.PRODUCTION
) -> Reading | Refusal:
    """Parse a message to ``stream``: its envelope, its claims, its body.

    ``kind`` is the log's; None: it is not known yet, and the message is asked for its time later.
    """
    known = aggregate.commands.get(incoming.name)
    if known is None:
        names = ", ".join(aggregate.commands)
        return Refusal(RefusalCode.UNKNOWN_COMMAND, f"there is no such command here; known: {names}")
    if incoming.problem is not None:
        return Refusal(RefusalCode.MALFORMED, incoming.problem)
    if not isinstance(incoming.content, dict):
        return Refusal(RefusalCode.MALFORMED, f"{incoming.name} takes an object with token and body")
    try:
        signed = SignedCommand.model_validate(incoming.content)
        if kind is not None and (objection := clock_objection(kind, signed.at)):
            return objection
        checked = read_command(known.declared, stream, signed)
        if isinstance(checked, Refusal):
            return checked
        claims, inclusion = checked.claims, checked.inclusion
        body = _entered(known, checked.content, None if inclusion else claims.body)
    except ValidationError as error:
        return Refusal(RefusalCode.MALFORMED, problems(error))
    if isinstance(body, Refusal):
        return body
    command = Command(
        key=stream_key(stream),
        body=body,
        by=claims.actor,
        # The dossier of a batch's token is the batch's; the case's own is in its leaf.
        dossier=inclusion.dossier if inclusion else claims.dossier,
        inclusion=inclusion,
    )
    proof = Proof(token=checked.token, claims=claims, inclusion=inclusion)
    return Reading(command=command, proof=proof, at=signed.at)


@lru_cache(maxsize=128)
def _entered(known: type[Body], content: bytes, signed: str | None) -> Body | Refusal:
    """The body of a command, whose form is held against the digest that was ``signed``; None: against none.

    It is read twice: by the workflow before it lets the command in, and then by the desk.

    :raises ValidationError: it is no body of that command.
    """
    body = known.model_validate_json(content, strict=True, context=ENTERED)
    return (form_objection(body, signed) if signed else None) or body


def read_question(model: type[M], incoming: Incoming) -> M | Refusal:
    """Parse the input of a query."""
    if incoming.problem is not None:
        return Refusal(RefusalCode.MALFORMED, incoming.problem)
    try:
        return model.model_validate_json(_JSON.dump_json(incoming.content), strict=True, context=ENTERED)
    except ValidationError as error:
        return Refusal(RefusalCode.MALFORMED, problems(error))
