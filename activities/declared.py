"""The activities as workflows call them: by reference, with the types of what goes in and comes out.

Workflows import this module alone; what is done stands in the classes that implement these.
"""

from abc import ABC, abstractmethod
from datetime import datetime

from temporalio import activity

from greenlight.kernel.commit import StreamPage
from greenlight.kernel.messages import DeskAnswer, DeskRequest, Sift, Sifted
from greenlight.law.batch.delivery import Deliver, Delivered
from greenlight.law.directive.fan_out import FanOutBatch, FanOutRequest
from greenlight.law.moment.state import MomentBatch, MomentRequest
from greenlight.law.screening_list.rescreening import RescreenBatch, RescreenRequest


class CaseWork(ABC):
    """For every case, in a local activity."""

    @activity.defn(name="decide_and_record")
    @abstractmethod
    async def decide_and_record(self, request: DeskRequest) -> DeskAnswer:
        """Deal with a request at the desk."""

    @activity.defn(name="sift")
    @abstractmethod
    async def sift(self, request: Sift) -> Sifted:
        """Refuse, and count, the messages that cannot be read or that nobody was shown to have sent."""

    @activity.defn(name="read_stream")
    @abstractmethod
    async def read_stream(self, stream: str, after: int) -> StreamPage:
        """Read the stream's records after a version, a page of them."""


class BatchWork(ABC):
    """For a batch that is signed."""

    @activity.defn(name="deliver_decisions")
    @abstractmethod
    async def deliver_decisions(self, request: Deliver) -> Delivered:
        """Have each case decide by the batch's signature, and say what became of it."""


class TellingWork(ABC):
    """For cases that were decided on the record."""

    @activity.defn(name="tell")
    @abstractmethod
    async def tell(self, streams: tuple[str, ...]) -> None:
        """Have the workflows of these streams take over what is on record."""


class FanOutWork(ABC):
    """For a directive that is in force."""

    @activity.defn(name="count_pending")
    @abstractmethod
    async def count_pending(self, licenses: bool) -> int:
        """Count the applications, or else licenses, that there are to go through."""

    @activity.defn(name="supersede")
    @abstractmethod
    async def supersede(self, stream: str, at: datetime | None) -> None:
        """Let a directive see that it is superseded. One that is not there has nothing to say."""

    @activity.defn(name="fan_out")
    @abstractmethod
    async def fan_out(self, request: FanOutRequest) -> FanOutBatch:
        """Go through the next cases, or once more through those that could not be reached."""


class RescreeningWork(ABC):
    """For a list or a listed entity that changed what counts."""

    @activity.defn(name="rescreen")
    @abstractmethod
    async def rescreen(self, request: RescreenRequest) -> RescreenBatch:
        """Go through the next cases, or once more through those that did not answer."""


class MomentWork(ABC):
    """For an instant that has come."""

    @activity.defn(name="ask_anew")
    @abstractmethod
    async def ask_anew(self, request: MomentRequest) -> MomentBatch:
        """Ask the next cases, or once more those with which it failed."""
