"""The question whether items may be shipped, and under what."""

from datetime import UTC, datetime, time
from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from greenlight.answers.readings import authorised
from greenlight.desk.asked import Asked, Form
from greenlight.desk.fields import fields_of
from greenlight.desk.filled import Shown, filled
from greenlight.kernel.model import Country, Day, Identifier, Model, PositiveInteger
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import LICENSING, Role
from greenlight.kernel.time.calendar import AGENCY_ZONE
from greenlight.law.application.dossier import MAX_ITEMS, Money, Unit
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.determination.named import NamedParties
from greenlight.law.determination.question import Circumstances, Classified
from greenlight.serving.problems import of_refusal

_MAY = LICENSING | {Role.APPLICANT}


class Shipped(Classified):
    """An item that would be shipped."""

    quantity: PositiveInteger
    unit: Unit
    value: Money


class Shipment(Model):
    """The question as a person asks it. ``on``: the day of the export in Washington; left out: now."""

    parties: NamedParties
    items: Annotated[tuple[Shipped, ...], Field(min_length=1, max_length=MAX_ITEMS)]
    destination: Country
    on: Annotated[Day | None, Field(description="The day of the export. Default: now.")] = None
    exporter: Annotated[
        Identifier | None, Field(description="The organisation that exports. Default: your own.")
    ] = None
    activity: Annotated[
        Identifier | None, Field(description="The activity of a reprieve, by its key, if you mean one.")
    ] = None
    circumstances: Annotated[
        Circumstances | None, Field(description="What you know. What is left open, the answer says.")
    ] = None

    def question(self, of: str) -> AuthorisationQuestion:
        """The question as the law has it, by a person of the organisation ``of``: of now, or noon of the
        day."""
        return AuthorisationQuestion(
            exporter=self.exporter or of,
            parties=self.parties,
            items=tuple(ShippedItem(**dict(item)) for item in self.items),
            destination=self.destination,
            activity=self.activity,
            circumstances=self.circumstances or Circumstances(),
            at=datetime.combine(self.on, time(12), AGENCY_ZONE) if self.on else datetime.now(UTC),
        )


async def form(asked: Asked) -> Response:
    """The form."""
    asked.must_be(_MAY)
    return asked.page("shipping.html", shown=Shown(fields_of(Shipment), Form()), answer=None)


async def answered(asked: Asked) -> Response:
    """The answer, over the form as it was filled in: what was asked stands in no address."""
    asked.must_be(_MAY)
    fields = fields_of(Shipment)
    asks = filled(Shipment, fields, asked.form)
    if isinstance(asks, Shown):
        return asked.page("shipping.html", 422 if asks.faults else 200, shown=asks, answer=None)
    standing = asked.house.standing
    await standing.at_least(None)
    question = asks.question(asked.caller.organisation)
    answer = await authorised(standing, asked.house.access, asked.caller, question)
    if isinstance(answer, Refusal):
        raise of_refusal(answer)
    return asked.page("shipping.html", shown=Shown(fields, asked.form), answer=answer)
