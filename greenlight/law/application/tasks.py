"""Whose turn a case is, organisation by organisation, and until when (15 CFR 750.4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from greenlight.kernel.model import Identifier, Instant, Model
from greenlight.kernel.roles import Role
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.deadlines import (
    AGENCY_INFORMATION,
    AGENCY_RECOMMENDATION,
    APPEAL,
    DENIAL,
    RESPONSE,
    WORDING,
    every,
)
from greenlight.law.application.dispute.language import LADDER
from greenlight.law.application.expedite.rules import EXPEDITE, pending
from greenlight.law.application.flip.language import FLIP
from greenlight.law.application.flip.rules import waiting as flips_waiting
from greenlight.law.application.interagency.wording import asked_agencies
from greenlight.law.application.state import ApplicationState, Stage

_NEVER = datetime.max.replace(tzinfo=UTC)


class Task(Model):
    """Somebody's turn. ``organisation`` is None where anybody of the role may act.

    ``deadline`` is the kind of the deadline that the task must meet, ``due`` when that is or was; both are
    None where no deadline binds whoever has the turn, and ``due`` alone while its clock stands still, or
    where it is to be decided whether to ``expedite``, or a ``flip`` is to be noted.
    ``matter``: what an officer has to say of a party first, whether a match is true, or else who it is.
    """

    role: Role
    organisation: Identifier | None
    due: Instant | None
    deadline: str | None
    matter: Literal["possible_match", "could_not_screen"] | None = None


Organisations = tuple[Identifier | None, ...]


def _anybody(_: ApplicationState) -> Organisations:
    return (None,)


def _officer_to_resolve(state: ApplicationState) -> Organisations:
    return (None,) if state.unresolved else ()


def _applicant(state: ApplicationState) -> Organisations:
    return (state.submitted_by.organisation,)


def _owing_agencies(state: ApplicationState) -> Organisations:
    return tuple(r.agency.value for r in state.referrals if r.opinion is None and r.open_inquiry is None)


def _asked_by_agencies(state: ApplicationState) -> Organisations:
    asked = any(r.opinion is None and r.open_inquiry is not None for r in state.referrals)
    return _applicant(state) if asked else ()


def _asked_about_wording(state: ApplicationState) -> Organisations:
    return tuple(agency.value for agency in asked_agencies(state))


def _once_agencies_answered(state: ApplicationState) -> Organisations:
    return () if asked_agencies(state) else (None,)


def _referred_agencies(state: ApplicationState) -> Organisations:
    return tuple(referral.agency.value for referral in state.referrals)


def _open_seats(state: ApplicationState) -> Organisations:
    assert state.dispute is not None, "seats vote in a dispute"
    voted = {vote.seat for vote in state.dispute.votes}
    return tuple(sorted(LADDER[state.dispute.forum].seats - voted))


def _may_respond(state: ApplicationState) -> Organisations:
    over = state.denials[-1].response is not None or RESPONSE.kind in state.passed
    return () if over else _applicant(state)


def _may_reconsider(state: ApplicationState) -> Organisations:
    """Once there is a response, or is to be none any more."""
    return () if _may_respond(state) else (None,)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is at a stage: the role, which organisations (one task each), and the kinds of deadline
    that they must meet, the agencies' own without the agency. ``role`` None: whoever may escalate."""

    role: Role | None
    of: Callable[[ApplicationState], Organisations] = _anybody
    meets: tuple[str, ...] = ()


_CASE = ("initial_action", "resolution")
_AGENCY = (AGENCY_INFORMATION.kind, AGENCY_RECOMMENDATION.kind)
_RESOLVING = Turn(Role.LICENSING_OFFICER, _officer_to_resolve, _CASE)
_AGENCIES = (
    Turn(Role.AGENCY_REVIEWER, _owing_agencies, _AGENCY),
    Turn(Role.APPLICANT, _asked_by_agencies),
)

TURNS: Mapping[Stage, tuple[Turn, ...]] = {
    Stage.REVIEW: (Turn(Role.LICENSING_OFFICER, meets=_CASE),),
    Stage.TRIAGE: (_RESOLVING, *_AGENCIES),
    # No deadline binds the applicant: the clock stands still until the answer (15 CFR 750.4(b)(1)).
    Stage.AWAITING_ANSWER: (Turn(Role.APPLICANT, _applicant), _RESOLVING),
    Stage.INTERAGENCY: _AGENCIES,
    Stage.COUNTERSIGNATURE: (
        Turn(Role.AGENCY_REVIEWER, _asked_about_wording, (WORDING.kind,)),
        Turn(Role.COUNTERSIGNER, _once_agencies_answered, _CASE),
    ),
    Stage.OPERATING_COMMITTEE: (Turn(Role.OC_CHAIR, meets=("operating_committee",)),),
    Stage.ESCALATION: (Turn(None, _referred_agencies, ("escalation",)),),
    Stage.ACEP: (Turn(Role.ACEP_MEMBER, _open_seats, ("acep",)),),
    Stage.EARB: (Turn(Role.EARB_MEMBER, _open_seats, ("earb",)),),
    Stage.PRESIDENT: (Turn(Role.EXECUTIVE),),
    Stage.SIGN_OFF: (Turn(Role.EXECUTIVE, meets=_CASE),),
    Stage.INTENT_TO_DENY: (
        Turn(Role.APPLICANT, _may_respond, (RESPONSE.kind,)),
        Turn(Role.LICENSING_OFFICER, _may_reconsider, (DENIAL.kind,)),
    ),
    Stage.DENIED: (Turn(Role.APPLICANT, _applicant, (APPEAL.kind,)),),
    Stage.APPEAL: (Turn(Role.EXECUTIVE),),
}
"""At a stage that is not here nobody has to act: the service screens, or the case has its outcome. The docket
names the first turn that is anybody's."""


def _matter(state: ApplicationState) -> Literal["possible_match", "could_not_screen"] | None:
    """Names that cannot be compared come first: nobody knows them from before."""
    if state.by_hand & state.possible_parties:
        return "could_not_screen"
    return "possible_match" if state.unresolved else None


def tasks(state: ApplicationState) -> tuple[Task, ...]:
    """Whose turn it is now, one task for each role and organisation."""
    turns = TURNS.get(state.stage, ())
    # An agency's that passed is none any more: its right has lapsed, or it is taken not to object.
    done = state.acted | {kind for kind in state.passed if "." in kind}
    unmet = [d for d in every(state) if d.kind not in done] if any(turn.meets for turn in turns) else []
    of_the_stage = tuple(
        _task(_role(turn, state), organisation, turn.meets, unmet).model_copy(
            update={"matter": _matter(state) if turn is _RESOLVING else None}
        )
        for turn in turns
        for organisation in turn.of(state)
    )
    return (*of_the_stage, *_to_expedite(state), *_to_note(state))


def _to_expedite(state: ApplicationState) -> tuple[Task, ...]:
    """Beside whoever has the case, an officer has a request to decide; nobody's days are counted by that."""
    if not pending(state):
        return ()
    return (Task(role=Role.LICENSING_OFFICER, organisation=None, due=None, deadline=EXPEDITE),)


def _to_note(state: ApplicationState) -> tuple[Task, ...]:
    """Beside whoever has the case, an officer has an answer to see to that became another one."""
    if not flips_waiting(state):
        return ()
    return (Task(role=Role.LICENSING_OFFICER, organisation=None, due=None, deadline=FLIP),)


def agencies(state: ApplicationState) -> tuple[Identifier, ...]:
    """The departments in whose matter the case is: those to which it was referred (15 CFR 750.4(d)), and
    those that vote where it is disputed now (15 CFR 750.4(f))."""
    seats = LADDER[state.dispute.forum].seats if state.dispute else frozenset[str]()
    return tuple(sorted(seats.union(referral.agency.value for referral in state.referrals)))


def waiting_for(state: ApplicationState) -> Role | None:
    """The role that must act next."""
    turns = (turn for turn in TURNS.get(state.stage, ()) if turn.of(state))
    return next((_role(turn, state) for turn in turns), None)


def _role(turn: Turn, state: ApplicationState) -> Role:
    if turn.role is not None:
        return turn.role
    escalates = LADDER[state.dispute.forum].escalates if state.dispute else None
    assert escalates is not None, "there is a window only where somebody may escalate"
    return escalates


def _task(
    role: Role, organisation: Identifier | None, meets: tuple[str, ...], unmet: Sequence[Deadline]
) -> Task:
    """With the earliest of its deadlines. One that passed is still the one: the task is overdue."""
    own = {*meets, *(f"{kind}.{organisation}" for kind in meets)}
    wanted = (deadline for deadline in unmet if deadline.kind in own)
    first = min(wanted, key=lambda deadline: deadline.due or _NEVER, default=None)
    return Task(
        role=role,
        organisation=organisation,
        due=first.due if first else None,
        deadline=first.kind.partition(".")[0] if first else None,
    )
