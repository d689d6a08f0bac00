"""Instants to come on the real server, and the moments that they come to be."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from greenlight.answers.listed import Shipped
from greenlight.answers.outlook import outlook
from greenlight.eventlog.outlook import moments_told
from greenlight.kernel.time.calendar import AGENCY_ZONE, agency_date
from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.dossier import Item, Submission
from greenlight.law.application.flip.events import AnswerFlipped
from greenlight.law.application.ownership import PartyOwner
from greenlight.law.entity.commands import ListEntity
from greenlight.law.moment.state import MomentState, key_of
from greenlight.law.outlook.forecast import Outlook
from greenlight.reference.controls import load_tables
from greenlight.reference.listings import load_listings
from greenlight.reference.rules import load_rules
from greenlight.service.background import Items
from tests.law.application.cases import CONSIGNEE, PURCHASER, item, new_submission
from tests.law.entity.cases import LIST
from tests.workflows.office import Office, eventually

TODAY = agency_date(datetime.now(UTC))


def named() -> str:
    """A name that no other case has."""
    return f"Skerry Relay {uuid4().hex[:8]}"


def to_be_listed(name: str, effective: datetime) -> ListEntity:
    said = {"name": name, "aliases": (), "affiliates": (), "effective": effective}
    return LIST.model_copy(update=said)


def midnight(days: int) -> datetime:
    """That begins a day in Washington, so many from today."""
    return datetime.combine(TODAY + timedelta(days=days), time(), tzinfo=AGENCY_ZONE).astimezone(UTC)


def about(name: str, *, country: str = "NO", activity: str | None = None) -> Submission:
    """Goods that need a license for nobody but whoever is listed."""
    consignee = CONSIGNEE.model_copy(update={"name": name, "country": country})
    goods: Item = item(1).model_copy(update={"classification": "EAR99"})
    filed = new_submission(goods, parties=(PURCHASER, consignee))
    said = {"circumstances": Circumstances.none_applies(), "reprieve_activity": activity}
    return filed.model_copy(update=said)


def owned_by_a_listed_one() -> Submission:
    """Goods that need a license only while the Affiliates Rule counts."""
    filed = about(f"A company {uuid4().hex[:8]}")
    *others, consignee = filed.parties
    owner = PartyOwner(name="Huawei", country="CN", share=6_000)
    parties = (*others, consignee.model_copy(update={"owners": (owner,)}))
    return filed.model_copy(update={"parties": parties})


async def asked(office: Office, instant: datetime) -> MomentState:
    """The moment, once its cases are asked."""

    async def done() -> MomentState | None:
        told = await moments_told(office.reader.source, instant - timedelta(seconds=1))
        return next((each for each in told if each.instant == instant and each.completed), None)

    return await eventually(done, f"{key_of(instant)} is done")


async def looked(office: Office, now: datetime) -> tuple[str, ...]:
    return await office.service.moments.look(Items(1), now)


async def outlook_of(office: Office) -> Outlook:
    now = datetime.now(UTC)
    book = Shipped(load_listings(None))
    return await outlook(office.reader, book, load_tables(), load_rules(), now, now + timedelta(days=400))


async def flips(office: Office, stream: str) -> list[AnswerFlipped]:
    return [
        AnswerFlipped.model_validate_json(event.record)
        for event in await office.events(stream)
        if event.type == "AnswerFlipped"
    ]
