"""The events that a letter on an application or a license rests on, and what they come to."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Acn, Digest, JsonObject
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.clock.days import days
from greenlight.law.application.dossier import Item
from greenlight.law.application.events import ApplicationGranted
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.state import LicenseState
from greenlight.letters.content import Account, ItemLine, Items, NoLetterError, Records, Step
from greenlight.letters.officers import Officers
from greenlight.letters.words import Sum


def through_grant(records: Records) -> Records:
    for number, record in enumerate(records, 1):
        if isinstance(APPLICATION.read(record), ApplicationGranted):
            return records[:number]
    raise NoLetterError("the license's application was not granted")


class CaseBasis:
    """The events that a letter rests on, folded."""

    def __init__(
        self, step: Step, event: Event, officers: Officers, application: Records, license: Records = ()
    ) -> None:
        state = APPLICATION.replay(None, application)
        if state is None:
            raise NoLetterError(f"{step.letter_id}: there is no application")
        self.state = state
        self.license = LICENSE.replay(None, license)
        self.at = event.at
        self.dated = agency_date(event.at)
        self.officers = officers
        streams: JsonObject = {application_stream(state.acn): list(application), **officers.streams}
        if self.license is not None:
            streams[license_stream(self.license.number)] = list(license)
        filed = officers.of(state.submitted_by.officer)
        self.head: Head = {
            "letter_id": step.letter_id,
            "rests_on": digest(streams),
            "dated": self.dated,
            "addressee": state.submission.applicant,
            "address": filed.address if filed else None,
            "acn": state.acn,
        }

    @property
    def decision(self) -> "DecisionHead":
        """The head of a letter that tells of a decision, and whose the days until then were."""
        found = days(self.state, self.at)
        if not found.age:
            return {**self.head, "account": None}
        account = Account(registered=found.registered_on, age=found.age, shares=found.shares)
        return {**self.head, "account": account}

    @property
    def issued(self) -> LicenseState:
        if self.license is None:
            raise NoLetterError(f"{self.head['letter_id']}: there is no license")
        return self.license

    @property
    def contact(self) -> str:
        """Name the person who recommended what was decided, or issued the directive that proposed it."""
        if self.state.proposed is not None:
            return self.officers.named(self.state.proposed.author)
        if self.state.recommendation is None:
            raise NoLetterError(f"{self.head['letter_id']}: nothing was recommended")
        return self.officers.named(self.state.recommendation.by)


class Head(TypedDict):
    letter_id: str
    rests_on: Digest
    dated: date
    addressee: str
    address: str | None
    acn: Acn


class DecisionHead(Head):
    account: Account | None


def items_table(items: Iterable[Item]) -> Items:
    """Items as a table, with a total for each currency in the order of their first appearance."""
    lines: list[ItemLine] = []
    totals: dict[str, int] = {}
    for item in items:
        totals[item.value.currency] = totals.get(item.value.currency, 0) + item.value.minor_units
        lines.append(
            ItemLine(
                line=item.line,
                description=item.description,
                classification=item.classification + (item.subparagraph or ""),
                quantity=f"{item.quantity:,} {item.unit}",
                value=Sum(**item.value.model_dump()),
            )
        )
    return Items(
        lines=tuple(lines),
        totals=tuple(Sum(minor_units=total, currency=currency) for currency, total in totals.items()),
    )
