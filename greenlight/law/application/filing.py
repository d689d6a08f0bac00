"""Faults of a filing against the world: ECCNs that no table has, and a name that is somebody else's."""

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.naming import same_name
from greenlight.kernel.problems import joined
from greenlight.kernel.refusal import Code, Refusal
from greenlight.law.application.dossier import Submission
from greenlight.law.application.needs import RegisteredName, UnknownEccns
from greenlight.law.application.refusals import ApplicationRefusal

Faults = tuple[tuple[Code, str], ...]


def objection(filed: Submission, command: Command[Body]) -> Refusal | None:
    """All faults at once, each with its place and what would be right; the code is that of the first."""
    faults = (*_another_name(filed, command), *_unknown_eccns(filed, command))
    return Refusal(faults[0][0], joined([problem for _, problem in faults])) if faults else None


def other_name(place: str, name: str, command: Command[Body]) -> Refusal | None:
    """Say that a name is not that which the register has of the sender's organisation, and which that is."""
    registered = command.told(RegisteredName(command.sender.officer))
    if registered is None or same_name(registered, name):
        return None
    return Refusal(
        ApplicationRefusal.OTHER_NAME,
        f"{place}: {command.sender.organisation} is registered as {registered}: write that",
    )


def _another_name(filed: Submission, command: Command[Body]) -> Faults:
    refusal = other_name("application.applicant", filed.applicant, command)
    return ((refusal.code, refusal.message),) if refusal else ()


def _unknown_eccns(filed: Submission, command: Command[Body]) -> Faults:
    return tuple(
        (
            ApplicationRefusal.UNKNOWN_ECCN,
            f"application.items.{each.place}.classification: is on no entry of the control tables: write "
            f"{' or '.join((*each.alike, 'EAR99')) if each.alike else 'another'}, or, if it is right all the"
            f" same, line {each.line} in confirmed_eccns",
        )
        for each in command.told(UnknownEccns(filed.items))
        if each.line not in filed.confirmed_eccns
    )
