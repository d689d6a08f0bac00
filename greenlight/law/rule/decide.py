"""Decide what a rule's commands mean, or why they are refused."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.law.rule.acts import (
    KEY_OF_AFFILIATES,
    KEY_OF_TABLES,
    Act,
    ActKind,
    Affiliates,
    Attestation,
    Governed,
    Printed,
)
from greenlight.law.rule.commands import (
    AttestAct,
    ConfirmAttestation,
    DiscardAttestation,
    OpenRule,
    TakeBackAttestation,
)
from greenlight.law.rule.events import (
    ActAttested,
    AttestationConfirmed,
    AttestationDiscarded,
    AttestationTakenBack,
    RuleOpened,
)
from greenlight.law.rule.policy import CURRENT
from greenlight.law.rule.refusals import RuleRefusal
from greenlight.law.rule.state import RuleState
from greenlight.law.rule.worlds import MOST_WORLDS, contradictions, counting

MOST_ATTESTED = 100
"""Attestations of a rule that two officers made, corrections among them: a workflow works out after each what
all of them come to, as known at every instant."""


def rule(state: RuleState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``."""
    by = command.sender
    if state is None:
        body = cast(OpenRule, command.body)
        attested = [Attestation(number=n, act=act, known=now) for n, act in enumerate(body.acts, 1)]
        if contradictions(attested) > MOST_WORLDS:
            return Refusal(RuleRefusal.TOO_CONTRADICTORY, RuleRefusal.TOO_CONTRADICTORY.meaning)
        if _misnamed(command.key, body.governs) or _unlike_tables(body.governs, body.acts):
            return Refusal(RuleRefusal.TABLES_OTHERWISE, RuleRefusal.TABLES_OTHERWISE.meaning)
        if isinstance(body.governs, Affiliates) != (command.key == KEY_OF_AFFILIATES):
            return Refusal(RuleRefusal.AFFILIATES_OTHERWISE, RuleRefusal.AFFILIATES_OTHERWISE.meaning)
        if unread := _not_public_yet(body.acts, now):
            return unread
        opened = RuleOpened(
            at=now, by=by, key=command.key, title=body.title, governs=body.governs, acts=body.acts
        )
        return (opened,)
    number = state.numbers + 1
    match command.body:
        case AttestAct(act=act, corrects=corrects):
            return _objection(state, act, corrects, now) or (
                ActAttested(at=now, by=by, number=number, act=act, corrects=corrects),
            )
        case TakeBackAttestation(corrects=corrects, reasons=reasons):
            return _objection(state, None, corrects, now) or (
                AttestationTakenBack(at=now, by=by, number=number, corrects=corrects, reasons=reasons),
            )
        case ConfirmAttestation(number=which):
            held = state.held
            assert held is not None, "TRANSITIONS lets this through only while one is held"
            if held.by.person == by.person:
                return Refusal(RuleRefusal.OWN_ATTESTATION, RuleRefusal.OWN_ATTESTATION.meaning)
            return _another(state, which) or (
                AttestationConfirmed(at=now, by=by, number=which, ends_by=CURRENT),
            )
        case DiscardAttestation(number=which, reasons=reasons):
            return _another(state, which) or (
                AttestationDiscarded(at=now, by=by, number=which, reasons=reasons),
            )
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _another(state: RuleState, number: int) -> Refusal | None:
    assert state.held is not None, "TRANSITIONS lets this through only while one is held"
    if state.held.number == number:
        return None
    return Refusal(RuleRefusal.UNKNOWN_ATTESTATION, f"attestation {state.held.number} waits, not {number}")


def _misnamed(key: str, governs: Governed) -> bool:
    """Tell whether a key names another version of the control tables than the one governed, or none."""
    if isinstance(governs, Printed):
        return key != governs.key
    return KEY_OF_TABLES.fullmatch(key) is not None


def _unlike_tables(governs: Governed, acts: Iterable[Act]) -> bool:
    """Tell whether there is an act that no version of the control tables has: which of them are asked of a
    day is told by their days, and one that should not have been on record is taken back."""
    return isinstance(governs, Printed) and any(
        act.kind is not ActKind.ADOPTED or act.valid_through is not None for act in acts
    )


def _not_public_yet(acts: Iterable[Act], now: datetime) -> Refusal | None:
    """Say which act nobody can have read yet, by what is attested of it. One that is filed and still to be
    printed can be read."""
    for act in acts:
        if act.public is not None and act.public > now:
            since = act.public.astimezone(AGENCY_ZONE).strftime("%Y-%m-%d %H:%M:%S %Z")
            return Refusal(
                RuleRefusal.NOT_PUBLIC_YET,
                f"{act.citation} is public only from {since} on: attest it then, or say when it was filed for"
                " public inspection, if it was. Until then it has no effect on anybody (44 U.S.C. 1507).",
            )
    return None


def _objection(state: RuleState, act: Act | None, corrects: int | None, now: datetime) -> Refusal | None:
    """Say why it cannot be attested: it corrects nothing, contradicts too much, is one too many, or is not
    public yet."""
    if len(state.attestations) >= MOST_ATTESTED:
        return Refusal(RuleRefusal.TOO_MANY_ATTESTED, RuleRefusal.TOO_MANY_ATTESTED.meaning)
    if corrects is not None and corrects not in {each.number for each in counting(state.attestations)}:
        return Refusal(RuleRefusal.UNKNOWN_ATTESTATION, f"no attestation {corrects} counts")
    if act is not None and _unlike_tables(state.governs, (act,)):
        return Refusal(RuleRefusal.TABLES_OTHERWISE, RuleRefusal.TABLES_OTHERWISE.meaning)
    if act is not None and (unread := _not_public_yet((act,), now)):
        return unread
    more = Attestation(number=state.numbers + 1, act=act, corrects=corrects, known=now)
    if contradictions((*state.attestations, more)) > MOST_WORLDS:
        return Refusal(RuleRefusal.TOO_CONTRADICTORY, RuleRefusal.TOO_CONTRADICTORY.meaning)
    return None
