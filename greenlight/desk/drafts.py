"""The page where something is signed: what it is about, what is said, what follows; and the signature.

Claims are made when the page is shown, and name the dossier that was shown. Before they are signed the case
is read again: if it has moved on, nothing is signed, and what is new is shown.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from greenlight.answers.foreseen import foreseen, known
from greenlight.client.answers import Refused, Unanswered
from greenlight.client.sending import decided, known_as, submission
from greenlight.client.signer import as_json, command_claims
from greenlight.client.starts import start
from greenlight.desk import openings
from greenlight.desk.asked import Asked, gone_to
from greenlight.desk.batches import leaves_of
from greenlight.desk.cases import about, lines_of, read
from greenlight.desk.directives import foretold
from greenlight.desk.history import happened
from greenlight.desk.pages import sentence
from greenlight.desk.receipts import receipt_at
from greenlight.desk.sessions import Draft
from greenlight.kernel.authority import Claims, SignedCommand
from greenlight.kernel.model import JsonObject
from greenlight.law.registry import aggregate_of
from greenlight.serving.problems import Problem
from greenlight.signing.algorithm import ProofError

_OPEN = (Unanswered, RPCError, RuntimeError)
"""Nobody has answered. The last is the SDK's word where it has not reached Temporal yet."""


async def check(asked: Asked) -> Response:
    """The page."""
    draft = _draft(asked)
    if draft.accepted:
        return _to_receipt(draft)
    draft.claims = claims_of(asked, draft)
    return await _page(asked, draft)


async def sign(asked: Asked) -> Response:
    """Sign, send, and lead to the receipt; to which a second click leads, too."""
    draft = _draft(asked)
    if draft.accepted:
        return _to_receipt(draft)
    if draft.claims is None:
        return gone_to(asked.request.url.path)
    if draft.dossier is not None:
        found = await read(asked, draft.stream)
        await asked.note(draft.stream, found.kind, "dossier")
        if found.matter.digest != draft.dossier:
            return await _page(asked, draft, 409, since=draft.version)
    try:
        token = asked.session.way.token(draft.claims, asked.form.values)
    except ProofError as error:
        return await _page(asked, draft, 422, problem=f"It was not signed: {error}.")
    command = SignedCommand(token=token, body=as_json(draft.body))
    try:
        await _send(asked, draft, command)
    except Refused as error:
        draft.claims = claims_of(asked, draft)
        return await _page(asked, draft, 409, problem=f"It was refused: {error}", code=error.code)
    except _OPEN:
        return await _page(
            asked,
            draft,
            503,
            problem="Nobody has answered, so it is not known whether it is on record. Sign it again: it is"
            " carried out once.",
        )
    draft.accepted = True
    return _to_receipt(draft)


def _to_receipt(draft: Draft) -> Response:
    return gone_to(receipt_at(draft.stream, draft.command_id))


def claims_of(asked: Asked, draft: Draft) -> Claims:
    """The claims that are signed, good for some minutes from now."""
    return command_claims(
        asked.caller,
        asked.caller.log,
        draft.body.declared.name,
        draft.stream,
        draft.body,
        dossier=draft.dossier,
        command_id=draft.command_id,
    )


def _draft(asked: Asked) -> Draft:
    draft = asked.session.drafts.get(asked.request.path_params["draft"])
    if draft is None:
        raise Problem(404, "no_draft", "There is nothing to sign here any more: look at the case again.")
    return draft


async def _send(asked: Asked, draft: Draft, command: SignedCommand) -> None:
    """Send it, and wait until it is on record."""
    house, name = asked.house, draft.body.declared.name
    if not draft.body.declared.starts:
        await decided(house.temporal, house.patience, draft.stream, name, command, draft.command_id)
        return
    known_by = submission(asked.caller.organisation, draft.command_id, command.body)
    try:
        await start(house.temporal, house.patience, draft.stream, command, known_by)
    except WorkflowAlreadyStartedError:
        if await known_as(house.temporal, draft.stream) != known_by:
            raise Refused("already_submitted", f"there is {draft.stream} already") from None


async def _page(
    asked: Asked,
    draft: Draft,
    status: int = 200,
    *,
    problem: str = "",
    code: str = "",
    since: int | None = None,
) -> Response:
    """With the case as it stands; ``since``: with what is new behind that event, and nothing to sign."""
    name = draft.body.declared.name
    said = as_json(draft.body)
    shared: Mapping[str, Any] = {
        "draft": draft,
        "name": name,
        "title": sentence(name),
        "said": draft.body.model_dump(mode="json", exclude_unset=True),
        "exact": to_json(said, indent=2).decode(),
        "problem": problem,
        "code": code,
        "since": since,
        "asks": _asks(asked, draft),
        "foretold": await foretold(asked, draft),
        "back": f"{_form_of(draft)}?draft={asked.request.path_params['draft']}",
    }
    if draft.body.declared.starts:
        return asked.page("sign.html", status, **shared, case=None, new=(), follows="", leaves=(), lines=(),
                          matter=None, part=None, application=None, source_title=None)  # fmt: skip
    found = await read(asked, draft.stream)
    await asked.note(draft.stream, found.kind, "dossier")
    if draft.dossier is not None and since is None and found.matter.digest != draft.dossier:
        # Nothing is shown as what is signed that is not.
        since = draft.version
    now = datetime.now(UTC)
    beside = await known(asked.house.reader, asked.caller, now)
    follows = foreseen(found.kind, draft.stream, found.state, draft.body, asked.caller, now, beside)
    new = [event for event in found.events if since is not None and event.version > since]
    return asked.page(
        "sign.html",
        409 if since is not None else status,
        **{**shared, "since": since},
        case=found,
        new=happened(new, asked.caller),
        follows=follows,
        leaves=await leaves_of(asked, found.state),
        lines=lines_of(asked, found.state),
        **about(found),
    )


def _asks(asked: Asked, draft: Draft) -> JsonObject | None:
    return None if draft.claims is None else asked.session.way.asks(draft.claims)


def _form_of(draft: Draft) -> str:
    """The form that it came from."""
    if draft.body.declared.starts:
        return _BEGUN_AT[aggregate_of(draft.stream).kind]
    return f"/cases/{draft.stream}/do/{draft.body.declared.name}"


_BEGUN_AT: Mapping[str, str] = {
    "application": "/file",
    "batch": "/batches/new",
    "directive": "/directives/new",
    "reprieve": openings.PATH,
}
"""By kind, the form by which something begins."""
