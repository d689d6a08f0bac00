"""Timelines of applications, which begin with one that is registered and screened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field

from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Acn
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Submit
from greenlight.law.application.dossier import Parties, Party, PartyRole, Screening, Submission
from greenlight.law.application.events import ApplicationGranted, PartiesScreened
from greenlight.law.application.needs import LicenseNumber, ScreeningOf
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.validity import valid_through
from tests.law.application.cases import ACN, FACTS, NUMBER, PARTIES, PURCHASER, item, screening
from tests.law.decisions import told
from tests.timelines.law import Life, actor
from tests.timelines.timeline import Timeline
from tests.workflows.office import Office

LISTED_PARTIES: Parties = (
    PURCHASER,
    Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Huawei Technologies Co., Ltd.", country="CN"),
)


@dataclass(slots=True, kw_only=True)
class ApplicationLife(Life[ApplicationState]):
    """With what the service adds to a command."""

    license_number: str | None
    screening: Screening

    def command(self, name: str, body: Body, by: Actor | None) -> Command[Body]:
        plain = Life[ApplicationState].command(self, name, body, by)
        return told(plain, {**FACTS, ScreeningOf: self.screening, LicenseNumber: self.license_number})


class ApplicationTimeline(Timeline):
    case: Literal["application"] = "application"
    listed: bool = False
    usd: Annotated[int, Field(gt=0)] = 100_000
    classification: str = "EAR99"
    all_or_nothing: bool = False
    previous_acn: Acn | None = None
    license_through: date | None = None

    @property
    def application(self) -> Submission:
        """Two lines, each of the value ``usd``."""
        lines = (item(n, classification=self.classification, cents=self.usd * 100) for n in (1, 2))
        return Submission(
            applicant="Example Networks Inc.",
            parties=LISTED_PARTIES if self.listed else PARTIES,
            items=tuple(lines),
            end_use="A rural mobile network",
            all_or_nothing=self.all_or_nothing,
            previous_acn=self.previous_acn,
            reference=self.title,
        )

    def moved(self, by: timedelta) -> Self:
        """Without the end of the license, which is counted in years."""
        return super().moved(by).model_copy(update={"license_through": None})

    async def open(self, office: Office) -> str:
        """Begin it on the server; the stream."""
        return await office.submitted(self.application)

    def begun(self) -> ApplicationLife:
        """Begin it in the law."""
        found = screening("no_match", "listed" if self.listed else "no_match")
        return self._life(ACN, self.start, found, NUMBER)

    def begun_as(self, stream: str, events: Sequence[Event]) -> ApplicationLife:
        """Begin it in the law as it began on record."""
        (found, *_) = [event.screening for event in events if isinstance(event, PartiesScreened)]
        numbers = [event.license_number for event in events if isinstance(event, ApplicationGranted)]
        return self._life(stream_key(stream), events[0].at, found, next(iter(numbers), None))

    def read(self, events: Iterable[StoredEvent]) -> list[Event]:
        return [APPLICATION.read(event.record) for event in events]

    def by_the_service(self, event: Event) -> bool:
        """Whether it comes when the service does what it owes; it owes nothing to what is screened."""
        return False

    def answers(self, events: Iterable[Event]) -> list[tuple[str, str]]:
        """What else is asked: the last day of validity of the license, if there is one."""
        if self.license_through is None:
            return []
        granted = [event for event in events if isinstance(event, ApplicationGranted)]
        return [(str(self.license_through), str(valid_through(granted[0].at) if granted else None))]

    def _life(self, key: str, now: datetime, found: Screening, number: str | None) -> ApplicationLife:
        life = ApplicationLife(decider=APPLICATION, key=key, screening=found, license_number=number)
        life.open("submit", Submit(application=self.application), actor("acme", Role.APPLICANT), now)
        return life
