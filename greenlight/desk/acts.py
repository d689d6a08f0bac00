"""Commands on a case: a form for each command, made from the body that it sends.

Whoever decides is shown the dossier first. The form carries the digest of what was shown; if the case has
moved on when it comes back, what is new is shown, and nothing is kept.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.responses import Response

from greenlight.answers.foreseen import Possible
from greenlight.client.signer import new_command_id
from greenlight.desk.asked import Asked, Form, gone_to, place_of
from greenlight.desk.batches import leaves_of
from greenlight.desk.cases import Read, about, acts_of, lines_of, read
from greenlight.desk.fields import Field, Options, fields_of
from greenlight.desk.filled import Shown
from greenlight.desk.filled import filled as read_form
from greenlight.desk.history import happened
from greenlight.desk.pages import sentence
from greenlight.desk.reprieves import term_begun
from greenlight.desk.sessions import Draft
from greenlight.kernel.body import Body
from greenlight.kernel.inclusion import SignBatch
from greenlight.kernel.roles import Role
from greenlight.law.application.dossier import named
from greenlight.law.application.screening.language import Verdict
from greenlight.law.batch.state import BatchState
from greenlight.law.reprieve.commands import TermOrder
from greenlight.law.reprieve.state import ReprieveState
from greenlight.serving.problems import Problem

DOSSIER, VERSION = "dossier", "version"
"""Fields that say what was shown."""


async def form(asked: Asked) -> Response:
    """The form of a command, with the dossier that it is about."""
    found, possible = await _asked_for(asked)
    return await _shown(asked, found, possible, Shown((), _begun(asked, found, possible.body)))


async def filled(asked: Asked) -> Response:
    """Take a form: on to the page where it is signed, or back with what is wrong."""
    found, possible = await _asked_for(asked)
    body = possible.body
    if body.declared.decision and asked.form.one(DOSSIER) != found.matter.digest:
        return await _shown(asked, found, possible, Shown((), asked.form), since=_since(asked))
    fields = fields_of(body, choices=await _choices(asked, body))
    command = _signed(found, body, fields, asked.form)
    if isinstance(command, Shown):
        return await _shown(asked, found, possible, command)
    draft = Draft(
        stream=found.stream,
        body=command,
        command_id=new_command_id(),
        version=found.version,
        dossier=found.matter.digest if body.declared.decision else None,
        typed=asked.form.pairs,
    )
    return gone_to(f"/drafts/{asked.session.keep(draft)}")


async def _asked_for(asked: Asked) -> tuple[Read, Possible]:
    """The case and the command.

    :raises Problem: there is none, or it cannot come now, or not from them.
    """
    stream, name = asked.request.path_params["stream"], asked.request.path_params["command"]
    found = await read(asked, stream)
    await asked.note(stream, found.kind, "dossier")
    for each in acts_of(asked, found):
        if each.body.declared.name != name:
            continue
        if each.barred is not None:
            told = each.barred
            raise Problem(told.code.status, told.code, told.message, more={"stream": stream})
        return found, each
    detail = "That cannot be done now, or not in your role. If you began it, the case has moved on since."
    raise Problem(409, "wrong_stage", detail, more={"stream": stream})


async def _shown(
    asked: Asked, found: Read, possible: Possible, shown: Shown, *, since: int | None = None
) -> Response:
    body = possible.body
    fields = fields_of(body, choices=await _choices(asked, body))
    new = [event for event in found.events if since is not None and event.version > since]
    return asked.page(
        "act.html",
        200 if not shown.faults and since is None else 409 if since is not None else 422,
        case=found,
        name=body.declared.name,
        title=sentence(body.declared.name),
        says=(body.__doc__ or "").replace("``", "").strip(),
        decision=body.declared.decision,
        shown=shown._replace(fields=_asked_of(body, fields)),
        since=since,
        new=happened(new, asked.caller),
        lines=lines_of(asked, found.state),
        leaves=await leaves_of(asked, found.state),
        **about(found),
    )


def _asked_of(body: type[Body], fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Nobody types the root of a batch: it is worked out from what was shown."""
    return () if body is SignBatch else fields


def _since(asked: Asked) -> int:
    version = asked.form.one(VERSION)
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def _signed(found: Read, body: type[Body], fields: tuple[Field, ...], form: Form) -> Body | Shown:
    """The command. Of a batch it is the root over the cases that were shown, worked out here."""
    if body is SignBatch and isinstance(found.state, BatchState):
        return SignBatch.model_validate(found.state.signed.model_dump())
    return read_form(body, fields, form)


def _begun(asked: Asked, found: Read, body: type[Body]) -> Form:
    """A form begun from what an address says of a party and of what it met, by their places; of a term, from
    the one before."""
    if asked.typed_before is not None:
        return asked.typed_before
    if isinstance(found.state, ReprieveState) and _orders_a_term(body):
        return Form(term_begun(found.state))
    query = asked.request.query_params
    party, hit = place_of(query.get("party", "")), place_of(query.get("hit", ""))
    matter = found.matter.application
    if matter is None or party is None or party >= len(named(matter.parties)):
        return Form()
    pairs = [("party", str(party))]
    hits = [each for each in matter.screened.hits if each.party == party]
    if query.get("others") == Verdict.FALSE_MATCH:
        # Of the first that is open the form says it by itself, and of the others with it.
        hit = next((place for place, each in enumerate(hits) if each.open), None)
        pairs += [("verdict", Verdict.FALSE_MATCH), ("others", Verdict.FALSE_MATCH)]
    if hit is not None and hit < len(hits):
        pairs.append(("listing", hits[hit].match.listing))
    return Form(tuple(pairs))


def _orders_a_term(body: type[Body]) -> bool:
    return any(each.annotation is TermOrder for each in body.model_fields.values())


async def _officers(asked: Asked) -> Options:
    """The licensing officers that the register has."""
    rows = await asked.house.reader.officers()
    return tuple(
        (row.officer, f"{row.officer} ({row.organisation})")
        for row in rows
        if any(held.role is Role.LICENSING_OFFICER and held.valid_until is None for held in row.roles)
    )


_CHOSEN: Final[Mapping[tuple[str, str], Callable[[Asked], Awaitable[Options]]]] = {
    ("assign", "officer"): _officers
}
"""By command and field, where what can be chosen is on record."""


async def _choices(asked: Asked, body: type[Body]) -> Mapping[str, Options]:
    return {
        field: await found(asked) for (name, field), found in _CHOSEN.items() if name == body.declared.name
    }
