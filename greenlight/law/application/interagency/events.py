"""The events of a rewording: agencies are asked whether they agree to it, and answer or keep silent."""

from typing import Literal

from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Text
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import AnswerWording, Recommend
from greenlight.law.application.interagency.agency import Agency


class WordingPutToAgencies(Event, of={Recommend}):
    """Conditions of these ``agencies`` were reworded: each has three days to say whether it agrees."""

    type: Literal["WordingPutToAgencies"] = "WordingPutToAgencies"
    agencies: tuple[Agency, ...]


class WordingAnswered(Event, of={AnswerWording}):
    """An agency agrees to all that was reworded of its conditions, or does not."""

    type: Literal["WordingAnswered"] = "WordingAnswered"
    by: Actor
    agency: Agency
    agrees: bool
    comment: Text | None


class OriginalWordingKept(Event, recorded_by=SERVICE):
    """The agency's three days passed without an answer: what it asked for is recommended in its own words."""

    type: Literal["OriginalWordingKept"] = "OriginalWordingKept"
    agency: Agency


WordingEvent = WordingPutToAgencies | WordingAnswered | OriginalWordingKept
