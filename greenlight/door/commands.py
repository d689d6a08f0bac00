"""Commands: each as it is signed, taken to the workflow of its case, and answered with its receipt.

Whoever sends one shows by its token who they are. The door looks at the signature first, so that a stranger
starts no workflow, and at whether the sender may know of the case; all else the log decides.
"""

from collections.abc import Awaitable, Callable

from starlette.responses import Response
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from greenlight.client.answers import Refused, Unanswered
from greenlight.client.sending import decided, known_as, submission
from greenlight.client.starts import start
from greenlight.door.operation import Asked, Operation, answered
from greenlight.door.reading import told
from greenlight.kernel.authority import ReadCommand, SignedCommand, read_command
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.law.registry import AnyAggregate, with_workflow
from greenlight.serving.house import POSITION
from greenlight.serving.problems import no_such_case, of_refusal, refused, unavailable

IDEMPOTENCY_KEY = "idempotency-key"

_OPEN = (Unanswered, RPCError, RuntimeError)
"""Nobody has answered. The last is the SDK's word where it has not reached Temporal yet."""


def read(asked: Asked, body: type[Body], stream: str) -> ReadCommand:
    """The command as its token has it; the signature is not looked at here.

    :raises Problem: its claims are not of this command on this case, or its id is not the request's.
    """
    known = read_command(body.declared, stream, asked.body)
    if isinstance(known, Refusal):
        raise of_refusal(known)
    key = asked.request.headers.get(IDEMPOTENCY_KEY)
    if key is not None and key.strip('"') != known.claims.jti:
        raise of_refusal(
            Refusal(RefusalCode.MALFORMED, "Idempotency-Key is the command's id, the token's jti")
        )
    return known


def _sender(body: type[Body], aggregate: AnyAggregate) -> Callable[[Asked], Awaitable[Response]]:
    async def send(asked: Asked) -> Response:
        stream = aggregate.stream(asked.path["key"])
        known = read(asked, body, stream)
        if not body.declared.starts and stream not in await asked.house.scope.readable(
            asked.caller, (stream,)
        ):
            raise no_such_case(stream)
        sent = _Sent(asked, aggregate, known)
        return await (sent.begin() if body.declared.starts else sent.decide())

    return send


class _Sent:
    """A command on its way."""

    def __init__(self, asked: Asked, aggregate: AnyAggregate, known: ReadCommand) -> None:
        self._asked, self._aggregate, self._known = asked, aggregate, known
        self._command: SignedCommand = asked.body
        self._stream = aggregate.stream(asked.path["key"])
        self._id = known.claims.jti

    async def decide(self) -> Response:
        house = self._asked.house
        try:
            receipt = await decided(
                house.temporal, house.patience, self._stream, self._known.name, self._command, self._id
            )
        except Refused as error:
            raise refused(error.code, str(error), more=self._more()) from error
        except _OPEN as error:
            raise self._open(error) from error
        return _receipt(receipt)

    async def begin(self) -> Response:
        house, by = self._asked.house, self._known.claims
        known_by = submission(by.org, self._id, self._command.body)
        again = False
        try:
            await start(house.temporal, house.patience, self._stream, self._command, known_by)
        except WorkflowAlreadyStartedError:
            again = True
        except Refused as error:
            raise refused(error.code, str(error), more=self._more()) from error
        except _OPEN as error:
            raise self._open(error) from error
        led_to = await house.reader.accepted(self._stream, by.sub, self._id)
        if led_to is None and (not again or await self._is_under_way(known_by)):
            raise self._open(None)
        if led_to is None or led_to.body != by.body:
            raise self._taken()
        case = await told(self._asked, self._aggregate, self._stream)
        receipt = Receipt(
            stream=self._stream,
            command_id=self._id,
            stage=self._aggregate.status(case.state).stage,
            version=led_to.version,
            position=led_to.position,
            dossier=self._aggregate.dossier_digest(case.state),
            duplicate=again,
        )
        return _receipt(receipt, created=not again)

    async def _is_under_way(self, known_by: str) -> bool:
        """Tell whether the same was sent before, and is not on record yet."""
        try:
            return await known_as(self._asked.house.temporal, self._stream) == known_by
        except _OPEN as error:
            raise self._open(error) from error

    def _taken(self) -> Exception:
        refusal = Refusal(RefusalCode.ALREADY_SUBMITTED, f"there is {self._stream}")
        return of_refusal(refusal, more=self._more())

    def _open(self, error: Exception | None) -> Exception:
        """Nobody answered: it may be on record or not, and to send it again is the way to find out."""
        return unavailable(
            "it is not known whether the command is on record: send the same request again, which is"
            " harmless, or sign the command anew under the same id once the token has expired",
            more=self._more(),
        )

    def _more(self) -> JsonObject:
        return {"command_id": self._id, "stream": self._stream}


def _receipt(receipt: Receipt, *, created: bool = False) -> Response:
    headers = {"ETag": f'"{receipt.version}"'}
    if receipt.position is not None:
        headers[POSITION] = str(receipt.position)
    if created:
        headers["Location"] = f"/cases/{receipt.stream}"
    response = answered(receipt, headers)
    response.status_code = 201 if created else 200
    return response


def operations() -> tuple[Operation, ...]:
    """One for each command of each aggregate whose streams have a workflow."""
    return tuple(
        Operation(
            f"{each.kind}_{name}",
            "POST",
            f"/cases/{each.kind}-{{key}}/{name}",
            (body.__doc__ or "").partition("\n")[0],
            _sender(body, each),
            Receipt,
            body=SignedCommand,
            parts={"key": each.key},
            roles=body.declared.by,
            status=201 if body.declared.starts else 200,
            signed=False,
            tag=each.kind,
        )
        for each in with_workflow()
        for name, body in each.commands.items()
    )
