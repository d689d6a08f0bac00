"""The next move at a stage: what whoever has the turn is to do, and the commands by which they do it.

The command line and the desk both show it. ``tests/answers/test_moves.py`` holds the table to the law: every
turn has a move, and the law takes its commands.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from greenlight.eventlog.rows import TaskRow
from greenlight.kernel.refusal import Code
from greenlight.kernel.roles import Role
from greenlight.law.application.flip.language import FLIP
from greenlight.law.application.freeze.rules import waits
from greenlight.law.registry import aggregate_of


class Move(NamedTuple):
    """``what`` is to be done, in a few words; ``commands``: one of these of that ``kind`` of case, by their
    names on the wire, the first before the others. Empty: it is done by no command on the case. ``says``:
    what is typed behind the case at a command line, in capitals and between bars what the officer has to
    say."""

    what: str
    commands: tuple[str, ...]
    says: str = ""
    kind: str = "application"


_WHY = '--reasons "WHY"'
_VERDICT = "PARTY KEY true_match|false_match --all-others false_match"
_OF_ONE_NAME = {
    "possible_match": ("say whether the party is the listed one", f'{_VERDICT} --reason "WHY"'),
    "could_not_screen": ("look up by hand who the party is", 'PARTY none false_match --reason "WHY"'),
}
_VOTE = Move("vote for the department", ("vote",), "grant|deny")
_DISPUTE = Move("decide the dispute", ("decide_dispute",), f"grant|deny {_WHY}")
_ADVISE = Move("give the agency's advice", ("advise",), f"approve|deny|return {_WHY}")
_ANSWER_AGENCY = Move("answer the agency", ("answer",), '"ANSWER" --agency AGENCY')
_ESCALATE = Move("take it to the next body, or let it stand", ("escalate",), '"GROUNDS"')

MOVES: Final[Mapping[tuple[str, Role], Move]] = {
    ("triage", Role.AGENCY_REVIEWER): _ADVISE,
    ("triage", Role.APPLICANT): _ANSWER_AGENCY,
    ("review", Role.LICENSING_OFFICER): Move(
        "recommend, or refer, ask, return", ("recommend",), f"grant|deny {_WHY}"
    ),
    ("awaiting_answer", Role.APPLICANT): Move("answer the question", ("answer",), '"ANSWER"'),
    ("interagency", Role.AGENCY_REVIEWER): _ADVISE,
    ("interagency", Role.APPLICANT): _ANSWER_AGENCY,
    ("countersignature", Role.AGENCY_REVIEWER): Move(
        "agree to the reworded conditions, or not", ("answer_wording",)
    ),
    ("countersignature", Role.COUNTERSIGNER): Move("countersign, or disagree", ("countersign",)),
    ("operating_committee", Role.OC_CHAIR): _DISPUTE,
    ("escalation", Role.AGENCY_REVIEWER): _ESCALATE,
    ("escalation", Role.AGENCY_HEAD): _ESCALATE,
    ("acep", Role.ACEP_MEMBER): _VOTE,
    ("earb", Role.EARB_MEMBER): _VOTE,
    ("president", Role.EXECUTIVE): _DISPUTE,
    ("sign_off", Role.EXECUTIVE): Move("sign off, or decline", ("sign_off",)),
    ("intent_to_deny", Role.APPLICANT): Move("respond to the notice", ("respond",), '"RESPONSE"'),
    ("intent_to_deny", Role.LICENSING_OFFICER): Move(
        "reconsider, or let the denial become final", ("reconsider",), _WHY
    ),
    ("denied", Role.APPLICANT): Move("appeal, or let it stand", ("appeal",), '"GROUNDS"'),
    ("appeal", Role.EXECUTIVE): Move("decide the appeal, or overturn the denial", ("decide_appeal",), _WHY),
    ("awaiting_acceptance", Role.APPLICANT): Move(
        "accept the conditions", ("accept_conditions",), kind="license"
    ),
    ("suspended", Role.LICENSING_OFFICER): Move(
        "lift the suspension, if so", ("reinstate",), _WHY, kind="license"
    ),
    ("prepared", Role.EXECUTIVE): Move("sign the batch", ("sign_batch",), kind="batch"),
    ("awaiting_event", Role.LICENSING_OFFICER): Move(
        "attest the event", ("attest_event",), '"STATEMENT" --source SOURCE', kind="directive"
    ),
    ("in_force", Role.LICENSING_OFFICER): Move(
        "resume the fan-out, or retry what failed", ("resume_fan_out", "retry_fan_out"), kind="directive"
    ),
    ("referred", Role.EXECUTIVE): Move(
        "decide what follows the term", ("replace_outcome",), f"--valid-through DAY {_WHY}", kind="reprieve"
    ),
    ("proposed", Role.EXECUTIVE): Move(
        "confirm, replace or stop the outcome", ("confirm_outcome",), kind="reprieve"
    ),
    ("proposed", Role.REGISTRAR): Move("confirm the change, as a second registrar", (), "officer list"),
    ("empty", Role.LICENSING_OFFICER): Move("load the list", ("load_list",), "FILE", "list"),
    ("old", Role.LICENSING_OFFICER): Move("load a newer version", ("load_list",), "FILE", "list"),
    ("held", Role.LICENSING_OFFICER): Move(
        "confirm the version, as a second officer", ("confirm_list",), f"FILE {_WHY}", "list"
    ),
    ("attested", Role.LICENSING_OFFICER): Move(
        "confirm the attestation, as a second officer", ("confirm_attestation",), "NUMBER", "rule"
    ),
    ("unsettled", Role.LICENSING_OFFICER): Move(
        "find out how the rule stands, and attest it",
        ("attest_act",),
        "--kind KIND --citation CITATION --effective DAY --certainty CERTAINTY --text TEXT",
        "rule",
    ),
    ("current", Role.LICENSING_OFFICER): Move("see what waits for an officer", (), "lists show"),
}
"""By stage and role; no two kinds of case have both in common."""

_ANYWHERE: Final[Mapping[Role, Move]] = {
    Role.ERC_MEMBER: Move("vote on the motion", ("cast_vote",), "approve|reject", "entity"),
    # At any stage of a license that is not suspended, an officer has a transfer or a listing to see to.
    Role.LICENSING_OFFICER: Move(
        "see to the transfer, or to the listed party",
        ("approve_transfer", "refuse_transfer", "suspend"),
        _WHY,
        "license",
    ),
}
_PUBLISH: Final = Move(
    "record the publication",
    ("record_publication",),
    "TERM --citation CITATION --published DAY",
    "reprieve",
)
_EXPEDITE: Final = Move(
    "let it come before others, or take its turn", ("grant_expedite", "refuse_expedite"), _WHY
)
_NOTE: Final = Move("take note that the answer is another one", ("note_flip",), _WHY)
_NOTE_LICENSE: Final = _NOTE._replace(commands=("note_license_flip",), kind="license")
_ATTEST: Final = "--kind KIND --citation CITATION --effective DAY --certainty CERTAINTY --text TEXT"
_END: Final = Move("find out what follows the act, and attest it", ("attest_act",), _ATTEST, "rule")
_OF_ONE_TASK: Final[Mapping[str | None, Move]] = {
    "publication": _PUBLISH,
    "expedite": _EXPEDITE,
    "end": _END,
}
"""By the deadline of a task that may wait at any stage."""


def move(stage: str, role: Role, *, matter: str | None = None, deadline: str | None = None) -> Move | None:
    """The move of a role at a stage. ``matter``: what is open of a party, as lists have it; ``deadline``: the
    kind of the deadline to be met."""
    if deadline == FLIP:
        return _NOTE_LICENSE if stage in _OF_A_LICENSE else _NOTE
    if deadline in _OF_ONE_TASK:
        return _OF_ONE_TASK[deadline]
    if role is Role.LICENSING_OFFICER and matter in _OF_ONE_NAME:
        return resolving("license" if stage in _OF_A_LICENSE else "application", matter)
    return MOVES.get((stage, role)) or _ANYWHERE.get(role)


def as_they_stand(rows: Iterable[TaskRow]) -> tuple[TaskRow, ...]:
    """Tasks of which those alone stand still that the law would refuse meanwhile: of a frozen case an agency
    owes its word nevertheless."""
    return tuple(
        row if row.stands_until is None or _waits(row) else row.model_copy(update={"stands_until": None})
        for row in rows
    )


def _waits(row: TaskRow) -> bool:
    return stands_still(move(row.stage, row.role, matter=row.parties, deadline=row.deadline), row.stage)


def stands_still(found: Move | None, stage: str) -> bool:
    """Tell whether the law refuses a move, as long as the case stands by a directive."""
    return found is not None and any(waits(name, stage) for name in found.commands)


def resolving(kind: str, matter: str) -> Move:
    """The move by which an officer says who a party is, of an application or of a license."""
    what, says = _OF_ONE_NAME[matter]
    return Move(what, ("resolve_listing" if kind == "license" else "resolve_match",), says, kind)


_OF_A_LICENSE = {"awaiting_acceptance", "active", "suspended", "exhausted"}


def taken(found: Move | None, stage: str) -> Iterator[str]:
    """Those commands of a move that the law takes at a stage."""
    if found is None or not found.commands:
        return
    kind = aggregate_of(f"{found.kind}-")
    for at, cells in kind.transitions.items():
        if at is not None and at == stage:
            yield from (name for name in found.commands if not isinstance(cells[name], Code))
