"""Rules: those that answers are by, each as it stands today."""

from datetime import UTC, datetime

from starlette.responses import Response

from greenlight.answers.rules import READ_AS
from greenlight.desk.asked import Asked
from greenlight.law.rule.aggregate import RULE


async def rules(asked: Asked) -> Response:
    """All rules, how each stands and how certain that is; each on record is noted as read."""
    asked.must_be(RULE.open_to)
    standing = asked.house.standing
    await standing.at_least(None)
    found = standing.rules_at(datetime.now(UTC))
    await asked.house.access.note_all(asked.caller, found.streams, READ_AS)
    return asked.page("rules.html", found=found)
