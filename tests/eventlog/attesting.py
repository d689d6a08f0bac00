"""Rules that two officers attest, control tables among them, on a log where both are registered."""

from datetime import date, datetime
from typing import Any, Self

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.body import Body
from greenlight.kernel.streams import rule_stream
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.rule.acts import Act, ActKind, Certainty, Governed, Places, Printed
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.commands import ConfirmAttestation, OpenRule, TakeBackAttestation
from tests.activities.test_desk import Clerk, incoming
from tests.eventlog.crowd import NOW, Crowd, Signer


def adopted(title: str, governs: Governed, effective: datetime) -> OpenRule:
    act = Act(
        kind=ActKind.ADOPTED,
        citation="eCFR",
        effective=effective,
        certainty=Certainty.PRIMARY,
        text="As printed.",
    )
    return OpenRule(title=title, governs=governs, acts=(act,))


def opening(issued: date, version: str) -> OpenRule:
    return adopted("Control tables", Printed(issued=issued, version=version), end_of_day(issued))


class Attesting:
    """A rule as officers bring it on record."""

    def __init__(self, log: Recorder, crowd: Crowd, key: str, opening: OpenRule) -> None:
        decider: Any = RULE
        self.clerk: Clerk[Any] = Clerk(log, decider, rule_stream(key))
        self.crowd, self.opening = crowd, opening

    @classmethod
    def tables(cls, log: Recorder, crowd: Crowd, issued: date, version: str) -> Self:
        return cls(log, crowd, f"controls-{issued}-{version[7:19]}", opening(issued, version))

    @classmethod
    def amendment(cls, log: Recorder, crowd: Crowd, country: str, effective: datetime) -> Self:
        """That a row of the tables is another one from an instant on."""
        governs = Places(countries=frozenset({country}))
        return cls(log, crowd, "row-of-a-country", adopted("The row of a country", governs, effective))

    async def opened(self, now: datetime = NOW) -> None:
        await self._sent(self.crowd.officer, "open_rule", self.opening, now)

    async def confirmed(self, number: int = 1, now: datetime = NOW) -> None:
        await self._sent(
            self.crowd.other_officer, "confirm_attestation", ConfirmAttestation(number=number), now
        )

    async def taken_back(self, now: datetime = NOW) -> None:
        back = TakeBackAttestation(corrects=1, reasons="Another file.")
        await self._sent(self.crowd.officer, "take_back_attestation", back, now)
        await self.confirmed(2, now)

    async def _sent(self, signer: Signer, name: str, body: Body, now: datetime) -> None:
        dossier = RULE.dossier_digest(self.clerk.state) if self.clerk.state else None
        signed = signer.signed(self.clerk.stream, name, body, dossier=dossier)
        before = self.clerk.version
        await self.clerk.asks(self.clerk.request(now, incoming(name, signed)))
        assert self.clerk.version > before
        assert "CommandRefused" not in (await self.clerk.on_record())[-1]
