"""The bodies of commands: what may be asked, by whom, and what their classes declare."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import Any, ClassVar, Final, NamedTuple

from greenlight.kernel.model import Model
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Role

SERVICE: Final[frozenset[Role]] = frozenset()
"""In no role at all: the service alone gives itself the command."""


About = Callable[[Any], object]
"""The part of a state that a command is about; where that is empty, none could but be refused."""


def has(*members: str) -> About:
    """About any of these members of the state, or of theirs: ``found.hits``."""
    found = tuple(map(attrgetter, members))
    return lambda state: any(each(state) for each in found)


def _the_case(_: Any) -> object:
    return True


class Declared(NamedTuple):
    """All that holds for a command whatever it says: its name on the wire, the roles in which it may be sent,
    whether its proof must name the dossier that it rests on, whether it is the first of a stream, its name
    at the command line, beside those of its aggregate alone, and what of the state it is about."""

    name: str
    by: frozenset[Role]
    decision: bool
    starts: bool
    short: str
    about: About = _the_case


class Body(Model):
    """The body of a command. Its class says who may send it; its docstring's first line is its description.

        class Reconsider(Body, by={Role.LICENSING_OFFICER}, decision=True): ...
        class LiftHold(Body, by={Role.LICENSING_OFFICER}, about=has("open_holds")): ...

    The name on the wire is the class's in snake case. Without ``by`` the class is only what others share.
    """

    declared: ClassVar[Declared]

    def __init_subclass__(
        cls,
        *,
        by: AbstractSet[Role] | None = None,
        decision: bool = False,
        starts: bool = False,
        short: str | None = None,
        about: About = _the_case,
    ) -> None:
        super().__init_subclass__()
        if by is not None:
            name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
            short = short or name.replace("_", "-")
            cls.declared = Declared(name, frozenset(by), decision, starts, short, about)


def commands(*bodies: type[Body]) -> dict[str, type[Body]]:
    """Commands by their names."""
    return {body.declared.name: body for body in bodies}


def decisions(known: Mapping[str, type[Body]]) -> frozenset[str]:
    """Those whose proof must name the dossier that they rest on."""
    return frozenset(name for name, body in known.items() if body.declared.decision)


def role_objection(declared: Declared, role: Role | None) -> Refusal | None:
    """Say why a command may not be sent in ``role``, if so; the role is None for the service itself."""
    name, allowed, *_ = declared
    if allowed == SERVICE:
        return Refusal(RefusalCode.WRONG_ROLE, f"{name} is not for anyone to send") if role else None
    if role in allowed:
        return None
    expected = ", ".join(sorted(allowed))
    return Refusal(RefusalCode.WRONG_ROLE, f"{name} takes the role {expected}, not {role or 'the service'}")
