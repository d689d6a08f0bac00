"""Batches: cases that wait for the executive, put together for one signature, with the essentials of each."""

from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from greenlight.answers import readings
from greenlight.client.signer import new_command_id
from greenlight.desk.asked import Asked, gone_to
from greenlight.desk.matters import matter_of
from greenlight.desk.sessions import Draft
from greenlight.eventlog.rows import DocketFilter
from greenlight.kernel.inclusion import MAX_LEAVES, Leaf, LeafOutcome
from greenlight.kernel.model import Identifier
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import LICENSING, Role
from greenlight.kernel.streams import application_stream, batch_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.review.proposal import standing
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.batch.commands import OpenBatch
from greenlight.law.batch.prepare import leaf
from greenlight.law.batch.state import BatchState
from greenlight.serving.problems import Problem, malformed, of_refusal

_PREPARES = frozenset({Role.LICENSING_OFFICER, Role.EXECUTIVE})
_KEY: TypeAdapter[str] = TypeAdapter(Identifier)


class ShownLeaf(NamedTuple):
    """A case in a batch, as it was when it had the dossier that the batch is about; ``changed``: it is no
    more, and falls out. ``barred``: why the reader may not decide it."""

    acn: str
    stream: str
    outcome: LeafOutcome
    applicant: str
    parties: tuple[str, ...]
    reasons: str
    changed: bool
    barred: Refusal | None


async def leaves_of(asked: Asked, state: Any) -> tuple[ShownLeaf, ...]:
    """The cases of a batch, each from the dossier that is signed, and noted as read; none of anything else.

    :raises Problem: the batch has a case as it never was.
    """
    if not isinstance(state, BatchState):
        return ()
    asked.must_be(LICENSING)
    await asked.house.access.note_all(asked.caller, (each.stream for each in state.leaves), "dossier")
    return tuple([await _leaf(asked, each) for each in state.leaves])


async def _leaf(asked: Asked, wanted: Leaf) -> ShownLeaf:
    state, then = None, None
    async for event in asked.house.reader.stream(wanted.stream):
        state = APPLICATION.apply(state, APPLICATION.read(event.record))
        if state is not None and APPLICATION.had(state, wanted.dossier):
            then = state
    if state is None or then is None:
        raise Problem(409, "dossier_changed", f"{wanted.stream} never was as the batch has it.")
    matter = matter_of(APPLICATION, then, party=False).application
    assert matter is not None, "an application has the matter of one"
    return ShownLeaf(
        acn=then.acn,
        stream=wanted.stream,
        outcome=wanted.outcome,
        applicant=matter.submission.applicant,
        parties=tuple(
            f"{each.party.name} ({each.party.country}), {each.found}" for each in matter.shown_parties
        ),
        reasons=standing(then).reasons,
        changed=APPLICATION.dossier_digest(state) != wanted.dossier,
        barred=APPLICATION.barred(state, "sign_off", asked.caller),
    )


async def batches(asked: Asked) -> Response:
    """All batches, the latest first."""
    asked.must_be(LICENSING)
    rows = await asked.house.reader.batches()
    return asked.page("batches.html", batches=rows, may_prepare=asked.caller.role in _PREPARES)


async def choose(asked: Asked) -> Response:
    """The cases that wait for the executive, to be put together."""
    return await _chosen(asked)


async def _chosen(asked: Asked, status: int = 200, problem: str = "") -> Response:
    asked.must_be(_PREPARES)
    rows = await asked.house.reader.docket(DocketFilter(stage=Stage.SIGN_OFF), MAX_LEAVES)
    await asked.house.access.note_all(asked.caller, (application_stream(row.acn) for row in rows), "docket")
    typed = asked.typed_before or asked.form
    return asked.page(
        "batch_new.html",
        status,
        cases=rows,
        problem=problem,
        key=typed.one("key"),
        title=typed.one("title"),
        chosen=frozenset(typed.all("case")) if typed.pairs else {row.acn for row in rows},
    )


async def prepare(asked: Asked) -> Response:
    """Put the chosen cases together, each as it stands now; on to the signature."""
    asked.must_be(_PREPARES)
    acns = sorted(set(asked.form.all("case")))
    try:
        key = _KEY.validate_python(asked.form.one("key"))
    except ValidationError:
        return await _chosen(asked, 422, "Key: small letters, digits, dots and dashes, up to 64.")
    title = asked.form.one("title").strip()
    if not title or not acns:
        return await _chosen(asked, 422, "Give a title, and choose at least one case.")
    leaves = [each for acn in acns[:MAX_LEAVES] if (each := await _now(asked, application_stream(acn)))]
    if len(leaves) < len(acns):
        return await _chosen(asked, 409, "Some of them do not wait for the executive any more.")
    try:
        opening = OpenBatch(title=title, leaves=tuple(leaves))
    except ValidationError:
        raise malformed("The batch cannot be put together so.") from None
    draft = Draft(
        stream=batch_stream(key),
        body=opening,
        command_id=new_command_id(),
        version=0,
        dossier=None,
        typed=asked.form.pairs,
    )
    return gone_to(f"/drafts/{asked.session.keep(draft)}")


async def _now(asked: Asked, stream: str) -> Leaf | None:
    kind = await asked.opened(stream)
    case = await readings.told(asked.house.reader, kind, stream)
    if isinstance(case, Refusal):
        raise of_refusal(case)
    await asked.note(stream, kind, "dossier")
    return leaf(case.state) if isinstance(case.state, ApplicationState) else None
