"""Record the histories anew, from the real service: ``python -m tests.histories.refresh``.

Stored histories are what running cases look like to a new version of the code. Refresh them when the code
is *meant* to write other histories; where running cases must survive the change, keep the old files too.
"""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import JsonValue
from temporalio.client import WorkflowHistory
from temporalio.common import RawValue

from greenlight.connection.logs import configure_logs
from greenlight.connection.settings import Settings
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import batch_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.commands import (
    Appeal,
    Assign,
    Countersign,
    DecideAppeal,
    Refer,
    ResolveMatch,
)
from greenlight.law.application.dossier import Submission
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.screening.language import Verdict
from greenlight.law.contract import REGISTERED
from greenlight.law.directive.commands import AttestEvent, IssueDirective, RescindDirective
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.license.commands import AcceptConditions, Reinstate, ReportShipment, Suspend
from greenlight.law.reprieve.commands import EndReprieve, ReplaceOutcome
from tests.conftest import servers, temporal_server
from tests.law.application.cases import (
    CONSIGNEE,
    DECIDED_GRANT,
    DENY,
    GRANT,
    GRANT_IN_PART,
    OBJECT,
    PURCHASER,
    submission,
)
from tests.law.entity.cases import amending, listing, removing
from tests.law.license.cases import shipment
from tests.workflows.batches import delivered, edited, prepared, waiting
from tests.workflows.office import Office, eventually, open_office, refusal
from tests.workflows.raw import UNREADABLE, plain
from tests.workflows.reprieves import evidence, opening, term
from tests.workflows.stories import STORIES

FOLDER = Path(__file__).parent
DIRECTIVE = IssueDirective(
    title="A test",
    scope=Scope(destinations=frozenset({"AQ"})),
    posture=Posture.PRESUMPTION_OF_DENIAL,
    condition="The talks fail",
    citation="Order",
    reasons="By order.",
)
SMALL = 1_000
"""Bytes of an input that is worth storing."""
LONG_IS_SHORT = {"limit.historyCount.suggestContinueAsNew": "40"}


async def refused_messages(office: Office) -> str:
    """Whatever can be wrong with a signal, and updates that are refused on record."""
    stream = await office.submitted()
    unreadable = [each.inputs for each in UNREADABLE.values() if sum(map(_size, each.inputs)) < SMALL]
    for inputs in unreadable:
        await office.signal(stream, "countersign", *inputs)
    await office.signal(stream, "approve", plain({}))
    await refusal(office["carla"].decide(stream, Countersign(agrees=True)))
    await refusal(office.update(stream, REGISTERED, plain({})))
    await office.refusals(stream, len(unreadable) + 2)
    await office.send("olga", stream, GRANT)
    return stream


async def malformed_start(office: Office) -> str:
    stream = "application-R000001"
    await office.start_refused("LicenseApplication", stream, plain({"token": "x"}))
    return stream


async def deadlines_passed(office: Office) -> str:
    stream = await office.submitted()
    await office.fast_forward(stream, timedelta(days=95))
    await office.send("olga", stream, GRANT)
    return stream


async def screening_tried_again(office: Office) -> str:
    """In vain, because the list is too old."""
    stream = await office.submitted()
    await office.fast_forward(stream, timedelta(minutes=4))
    return stream


async def screened_by_hand(office: Office) -> str:
    """Because nothing is left of the name."""
    nameless = submission().parties[1].model_copy(update={"name": "???"})
    stream = await office.submitted(submission(parties=(nameless,)))
    await office.send(
        "olga", stream, ResolveMatch(party=0, verdict=Verdict.FALSE_MATCH, reason="Looked up by hand.")
    )
    return stream


async def resumed(office: Office) -> str:
    stream = await office.recommended()
    await office.handle(stream).terminate()
    await office.start("LicenseApplication", stream, {"resume": True})
    await office.send("carla", stream, Countersign(agrees=True))
    return stream


async def cancelled(office: Office) -> str:
    """Which is asked for in vain."""
    stream = await office.submitted()
    await office.handle(stream).cancel()
    await office.send("olga", stream, GRANT)
    return stream


async def license_expired(office: Office) -> str:
    stream = await office.granted(GRANT_IN_PART)
    await office.send("acme", stream, AcceptConditions())
    await office.fast_forward(stream, timedelta(days=4 * 366))
    return stream


async def deemed_no_objection(office: Office) -> str:
    """And a dispute on which nobody acts but the chair."""
    stream = await office.submitted()
    await office.send("olga", stream, Refer(agencies=(Agency.DEFENSE, Agency.STATE)))
    await office.send("defense", stream, OBJECT)
    await office.fast_forward(stream, timedelta(days=32))
    await office.send("olga", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    await office.send("chair", stream, DECIDED_GRANT)
    await office.fast_forward(stream, timedelta(days=6))
    await office.signed_off(stream)
    return stream


async def denied(office: Office) -> str:
    stream = await office.countersigned(DENY)
    await office.signed_off(stream)
    await office.fast_forward(stream, timedelta(days=46))
    await office.send("acme", stream, Appeal(grounds="The buyer was confirmed."))
    await office.send("vera", stream, DecideAppeal(upholds=True, reasons="The risk remains."))
    return stream


async def license_in_use(office: Office) -> str:
    stream = await office.granted()
    day = agency_date((await office.events(stream))[0].at)
    for number in (1, 2):
        await office.send("acme", stream, ReportShipment(shipment=shipment(day, number=number)))
    await office.send("olga", stream, Suspend(reasons="Under review."))
    await office.send("olga", stream, Reinstate(reasons="Nothing was found."))
    return stream


async def reprieve_extended(office: Office) -> str:
    """By itself; what follows is referred, and decided by an executive."""
    stream = await office.reprieved(opening())
    await office.send("defense", stream, evidence())
    await office.fast_forward(stream, timedelta(days=31))
    await office.send("defense", stream, evidence(value=False))
    await office.fast_forward(stream, timedelta(days=80))
    await office.send("vera", stream, ReplaceOutcome(term=term(300), reasons="Longer."))
    return stream


async def reprieve_ended(office: Office) -> str:
    """After a lapse for want of evidence."""
    stream = await office.reprieved(opening())
    await office.fast_forward(stream, timedelta(days=32))
    await office.send("vera", stream, EndReprieve(reasons="National security."))
    return stream


async def entity_removed(office: Office) -> str:
    """After a listing and an amendment that were to come."""
    now = datetime.now(UTC)
    stream = await office.listed(listing(now + timedelta(days=3)))
    await office.send("vera", stream, amending(effective=now + timedelta(days=5)))
    await office.fast_forward(stream, timedelta(days=6))
    await office.send("vera", stream, removing(now + timedelta(days=9)))
    await office.fast_forward(stream, timedelta(days=4))
    await office.result(stream)
    return stream


async def batch_delivered(office: Office) -> str:
    """To two cases; a third changed after it was prepared."""
    streams = await waiting(office, 3)
    key = await prepared(office, streams)
    await edited(office, streams[1:2])
    await office["vera"].sign_batch(key)
    await delivered(office, key)
    return batch_stream(key)


def _there(country: str = "AQ") -> Submission:
    """For a country for which no other history is, because all are recorded at once."""
    return submission(parties=(PURCHASER, CONSIGNEE.model_copy(update={"country": country})))


async def directive_fanned_out(office: Office) -> str:
    """On an event that is attested, over one case; then taken back."""
    await office.submitted(_there())
    stream = (await office["vera"].issue_directive("history", DIRECTIVE)).stream
    attested = AttestEvent(statement="They met.", source="A communiqué")
    await office["olga"].decide(stream, attested, role=Role.LICENSING_OFFICER)

    async def completed() -> bool:
        return "FanOutCompleted" in await office.types(stream)

    await eventually(completed, "the fan-out to its end")
    await office["vera"].decide(stream, RescindDirective(reasons="Enough."))
    return stream


async def moved_by_directive(office: Office) -> str:
    """A case that was knocked at; it goes on after the directive was taken back."""
    case = await office.submitted(_there("AS"))
    scope = Scope(destinations=frozenset({"AS"}))
    order = DIRECTIVE.model_copy(update={"condition": None, "scope": scope})
    stream = (await office["vera"].issue_directive("history-2", order)).stream

    async def applied() -> bool:
        return "DirectiveApplied" in await office.types(case)

    await eventually(applied, "the case to be knocked at")
    await office["vera"].decide(stream, RescindDirective(reasons="Enough."))
    await office.caught_up(case)
    return case


async def continued_as_new(office: Office) -> str:
    stream = await office.submitted()
    for _ in range(20):
        await office.send("olga", stream, Assign(officer="olga"))
    return stream


RECORDED: Mapping[str, Callable[[Office], Awaitable[str]]] = {
    **{name: story.unfold for name, story in STORIES.items()},
    "refused-messages": refused_messages,
    "malformed-start": malformed_start,
    "deadlines-passed": deadlines_passed,
    "screened-by-hand": screened_by_hand,
    "resumed": resumed,
    "cancelled": cancelled,
    "deemed-no-objection": deemed_no_objection,
    "denied": denied,
    "license-active": Office.granted,
    "license-in-use": license_in_use,
    "license-expired": license_expired,
    "reprieve-extended": reprieve_extended,
    "reprieve-ended": reprieve_ended,
    "entity-removed": entity_removed,
    "batch-delivered": batch_delivered,
    "directive-fanned-out": directive_fanned_out,
    "moved-by-directive": moved_by_directive,
}


async def record(office: Office, name: str, unfold: Callable[[Office], Awaitable[str]]) -> None:
    """Live a story and store the history of its workflow."""
    stream = await unfold(office)
    store(name, await office.handle(stream).fetch_history())


APART = ("continued-as-new-first", "continued-as-new-last", "screening-tried-again")
"""Recorded on servers or by a worker of their own."""


async def record_runs(office: Office) -> None:
    """The first run and the last of a case that continued as new."""
    stream = await continued_as_new(office)
    await office.caught_up(stream)
    last = await office.handle(stream).fetch_history()
    started = last.events[0].workflow_execution_started_event_attributes
    first = office.temporal.get_workflow_handle(stream, run_id=started.first_execution_run_id)
    store("continued-as-new-first", await first.fetch_history())
    store("continued-as-new-last", last)


def store(name: str, history: WorkflowHistory) -> None:
    """One event a line."""
    events: list[JsonValue] = json.loads(history.to_json())["events"]
    lines = ",\n".join(json.dumps(_scrubbed(event), separators=(",", ":")) for event in events)
    (FOLDER / f"{name}.json").write_text(f'{{"events":[\n{lines}\n]}}\n', encoding="utf-8")


def _scrubbed(content: JsonValue) -> JsonValue:
    """Without what tells of the machine on which it was recorded."""
    if isinstance(content, list):
        return [_scrubbed(item) for item in content]
    if not isinstance(content, dict):
        return content
    scrubbed = {key: _scrubbed(value) for key, value in content.items() if key != "stackTrace"}
    if "identity" in scrubbed:
        scrubbed["identity"] = "recorded"
    if scrubbed.get("kind") == "TASK_QUEUE_KIND_STICKY":
        scrubbed["name"] = "sticky"
    return scrubbed


def _size(value: RawValue) -> int:
    return len(value.payload.data)


async def refresh() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(data=home / "data", log_level="error")
        configure_logs(settings)
        async with servers(home / "servers") as target:
            async with open_office(settings, target) as office:
                await asyncio.gather(*(record(office, name, unfold) for name, unfold in RECORDED.items()))
            async with (
                temporal_server(home / "second", target.database_url, LONG_IS_SHORT) as second,
                open_office(settings, second) as office,
            ):
                await record_runs(office)
            too_old = settings.model_copy(update={"listings_max_age_days": 1})
            async with open_office(too_old, target) as office:
                await record(office, "screening-tried-again", screening_tried_again)


def main() -> None:
    for stale in FOLDER.glob("*.json"):
        stale.unlink()
    asyncio.run(refresh())
    stored = sorted(FOLDER.glob("*.json"))
    print(f"{len(stored)} histories, {sum(path.stat().st_size for path in stored) // 1024} KiB")


if __name__ == "__main__":
    main()
