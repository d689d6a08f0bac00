"""The commands of a request to expedite."""

from typing import Annotated, Any

from pydantic import Field

from greenlight.kernel.body import Body
from greenlight.kernel.model import Text
from greenlight.kernel.option import BY_NAME
from greenlight.kernel.roles import Role

Answered = Annotated[Text, Field(description="Why. The applicant reads it."), BY_NAME]


def _may_ask(case: Any) -> bool:
    return case.expedite is None or case.expedite.granted is False


def _waits(case: Any) -> bool:
    return case.expedite is not None and case.expedite.granted is None


class RequestExpedite(Body, by={Role.APPLICANT}, about=_may_ask):
    """Ask that your application be decided before others. The statutory clock stays as it is."""

    reasons: Annotated[Text, Field(description="Why it cannot take its turn."), BY_NAME]


class GrantExpedite(Body, by={Role.LICENSING_OFFICER}, about=_waits):
    """Let a case come before others, as its applicant asks."""

    reasons: Answered


class RefuseExpedite(Body, by={Role.LICENSING_OFFICER}, about=_waits):
    """Let a case take its turn, though its applicant asks otherwise."""

    reasons: Answered
