"""The next move at a stage: what whoever has the turn is to do, and the command with which they do it.

``tests/cli/test_moves.py`` holds the table to the law: every turn has a move, and the law takes it.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from greenlight.kernel.roles import Role

OFFICER: Final = "OFFICER"
"""In the place of whoever signs, where that may be one of several."""


class Move(NamedTuple):
    """``what`` is to be done, in a few words; ``typed``: behind the program's name, ``{case}`` for the number
    or key."""

    what: str
    typed: str

    def command(self, case: str, officer: str | None = None) -> str:
        """The whole line, to be typed; in capitals, and between bars, is what the officer has to say."""
        typed = self.typed.format(case=case)
        signs = "" if typed in _SIGNS_NOTHING else f" --as {officer or OFFICER}"
        return f"starter.py {typed}{signs}"


_SIGNS_NOTHING = {"officer list", "lists show"}
_WHY = '--reasons "WHY"'

_OTHERS = Move(
    "say whether the party is the listed one",
    '{name} {{case}} PARTY KEY true_match|false_match --all-others false_match --reason "WHY"',
)
_BY_HAND = Move("look up by hand who the party is", '{name} {{case}} PARTY none false_match --reason "WHY"')
_VOTE = Move("vote for the department", "vote {case} grant|deny")
_DISPUTE = Move("decide the dispute", f"decide-dispute {{case}} grant|deny {_WHY}")
_ADVISE = Move("give the agency's advice", 'advise {case} approve|deny|return --reasons "WHY"')
_ANSWER_AGENCY = Move("answer the agency", 'answer {case} "ANSWER" --agency AGENCY')
_ESCALATE = Move("take it to the next body, or let it stand", 'escalate {case} "GROUNDS"')

MOVES: Final[Mapping[tuple[str, Role], Move]] = {
    ("triage", Role.AGENCY_REVIEWER): _ADVISE,
    ("triage", Role.APPLICANT): _ANSWER_AGENCY,
    ("review", Role.LICENSING_OFFICER): Move(
        "recommend, or refer, ask, return", f"recommend {{case}} grant|deny {_WHY}"
    ),
    ("awaiting_answer", Role.APPLICANT): Move("answer the question", 'answer {case} "ANSWER"'),
    ("interagency", Role.AGENCY_REVIEWER): _ADVISE,
    ("interagency", Role.APPLICANT): _ANSWER_AGENCY,
    ("countersignature", Role.COUNTERSIGNER): Move("countersign, or --disagree", "countersign {case}"),
    ("operating_committee", Role.OC_CHAIR): _DISPUTE,
    ("escalation", Role.AGENCY_REVIEWER): _ESCALATE,
    ("escalation", Role.AGENCY_HEAD): _ESCALATE,
    ("acep", Role.ACEP_MEMBER): _VOTE,
    ("earb", Role.EARB_MEMBER): _VOTE,
    ("president", Role.EXECUTIVE): _DISPUTE,
    ("sign_off", Role.EXECUTIVE): Move("sign off, or --decline", "sign-off {case}"),
    ("intent_to_deny", Role.APPLICANT): Move("respond to the notice", 'respond {case} "RESPONSE"'),
    ("intent_to_deny", Role.LICENSING_OFFICER): Move(
        "reconsider, or let the denial become final", f"reconsider {{case}} {_WHY}"
    ),
    ("denied", Role.APPLICANT): Move("appeal, or let it stand", 'appeal {case} "GROUNDS"'),
    ("appeal", Role.EXECUTIVE): Move("decide the appeal, or --overturn", f"decide-appeal {{case}} {_WHY}"),
    ("awaiting_acceptance", Role.APPLICANT): Move("accept the conditions", "accept-conditions {case}"),
    ("suspended", Role.LICENSING_OFFICER): Move("lift the suspension, if so", f"reinstate {{case}} {_WHY}"),
    ("prepared", Role.EXECUTIVE): Move("sign the batch", "batch sign {case}"),
    ("awaiting_event", Role.LICENSING_OFFICER): Move(
        "attest the event", 'directive attest {case} "STATEMENT" --source SOURCE'
    ),
    ("in_force", Role.LICENSING_OFFICER): Move(
        "resume the fan-out, or retry what failed", "directive resume|retry {case}"
    ),
    ("referred", Role.EXECUTIVE): Move(
        "decide what follows the term", f"reprieve replace {{case}} --valid-through DAY {_WHY}"
    ),
    ("proposed", Role.EXECUTIVE): Move("confirm, replace or stop the outcome", "reprieve confirm {case}"),
    ("proposed", Role.REGISTRAR): Move("confirm the change, as a second registrar", "officer list"),
    ("empty", Role.LICENSING_OFFICER): Move("load the list", "lists load FILE"),
    ("old", Role.LICENSING_OFFICER): Move("load a newer version", "lists load FILE"),
    ("held", Role.LICENSING_OFFICER): Move(
        "confirm the version, as a second officer", f"lists confirm FILE {_WHY}"
    ),
    ("current", Role.LICENSING_OFFICER): Move("see what waits for an officer", "lists show"),
}
"""By stage and role; no two kinds of case have both in common."""

_ANYWHERE: Final[Mapping[Role, Move]] = {
    Role.ERC_MEMBER: Move("vote on the motion", "entity vote {case} approve|reject"),
    # At any stage of a license that is not suspended, an officer has a transfer or a listing to see to.
    Role.LICENSING_OFFICER: Move(
        "see to the transfer, or to the listed party",
        f"approve-transfer|refuse-transfer|suspend {{case}} {_WHY}",
    ),
}
_PUBLISH: Final = Move(
    "record the publication", "reprieve publish {case} TERM --citation CITATION --published DAY"
)


def move(stage: str, role: Role, *, matter: str | None = None, deadline: str | None = None) -> Move | None:
    """The move of a role at a stage. ``matter``: what is open of a party, as lists have it; ``deadline``: the
    kind of the deadline to be met."""
    if deadline == "publication":
        return _PUBLISH
    if role is Role.LICENSING_OFFICER and matter in {"possible_match", "could_not_screen"}:
        return resolving("license" if stage in _OF_A_LICENSE else "application", matter)
    return MOVES.get((stage, role)) or _ANYWHERE.get(role)


def resolving(kind: str, matter: str | None) -> Move:
    """The move by which an officer says who a party is, of an application or of a license."""
    said = _BY_HAND if matter == "could_not_screen" else _OTHERS
    name = "resolve-listing" if kind == "license" else "resolve-match"
    return Move(said.what, said.typed.format(name=name))


_OF_A_LICENSE = {"awaiting_acceptance", "active", "suspended", "exhausted"}
