"""Record the histories anew, from the real service: ``python -m tests.histories.refresh``.

With names, those alone: ``python -m tests.histories.refresh list-kept license-void``.

Stored histories are what running cases look like to a new version of the code. Refresh them when the code
is *meant* to write other histories; where running cases must survive the change, keep the old files too.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path

from pydantic import JsonValue
from temporalio.client import WorkflowHistory

from greenlight.connection.logs import configure_logs
from greenlight.connection.settings import Settings
from greenlight.kernel.clock_kind import Kind
from tests.conftest import servers, temporal_server
from tests.histories import lives, stories
from tests.rehearsal.stage import elsewhere
from tests.workflows.office import Office, open_office
from tests.workflows.stories import STORIES

FOLDER = Path(__file__).parent
LONG_IS_SHORT = {"limit.historyCount.suggestContinueAsNew": "40"}

RECORDED: Mapping[str, Callable[[Office], Awaitable[str]]] = {
    **{name: story.unfold for name, story in STORIES.items()},
    "refused-messages": stories.refused_messages,
    "malformed-start": stories.malformed_start,
    "deadlines-passed": stories.deadlines_passed,
    "screened-by-hand": stories.screened_by_hand,
    "resumed": stories.resumed,
    "cancelled": stories.cancelled,
    "deemed-no-objection": stories.deemed_no_objection,
    "wording-kept": stories.wording_kept,
    "denied": stories.denied,
    "license-active": Office.granted,
    "license-in-use": stories.license_in_use,
    "license-expired": stories.license_expired,
    "reprieve-extended": stories.reprieve_extended,
    "reprieve-ended": stories.reprieve_ended,
    "entity-removed": stories.entity_removed,
    "batch-delivered": stories.batch_delivered,
    "directive-fanned-out": stories.directive_fanned_out,
    "moved-by-directive": stories.moved_by_directive,
    "appeal-not-filed": lives.appeal_not_filed,
    "remembered": lives.remembered,
    "license-used-up": lives.license_used_up,
    "license-taken-over": lives.license_taken_over,
    "license-replaced": lives.license_replaced,
    "license-void": lives.license_void,
    "case-held": lives.case_held,
    "license-revoked-by-directive": lives.license_revoked_by_directive,
    "reprieve-amended": lives.reprieve_amended,
    "reprieve-decided": lives.reprieve_decided,
    "entity-amended": lives.entity_amended,
    "rule-extended": lives.rule_extended,
    "batch-discarded": lives.batch_discarded,
    "batch-unanswered": lives.batch_unanswered,
    "directive-disturbed": lives.directive_disturbed,
}
ELSEWHERE: Mapping[str, Callable[[Office], Awaitable[str]]] = {
    "moment-come": lives.moment_come,
    "list-kept": lives.list_kept,
}
"""In a log of its own: a list changes what is found of every case, and a moment asks all of them."""

LONG: Mapping[str, Callable[[Office], Awaitable[str]]] = {
    "continued-as-new": stories.assigned,
    "license-continued": stories.long(Office.granted),
    "reprieve-continued": stories.long(stories.reprieve_open),
    "entity-continued": stories.long(stories.entity_open),
    "batch-continued": stories.long(stories.batch_open),
    "directive-continued": stories.long(stories.directive_open),
    "list-continued": stories.long(stories.list_open),
    "rule-continued": lives.rule_continued,
    "moment-continued": lives.moment_continued,
}
"""Continued as new: the first run of each and the last are stored."""

ON_AN_OLD_LIST: Mapping[str, Callable[[Office], Awaitable[str]]] = {
    "screening-tried-again": stories.screening_tried_again
}

NAMES = frozenset(
    (*RECORDED, *ELSEWHERE, *ON_AN_OLD_LIST, *(f"{name}-{run}" for name in LONG for run in ("first", "last")))
)
"""Of every history."""


async def record(office: Office, name: str, unfold: Callable[[Office], Awaitable[str]]) -> None:
    """Live a story and store the history of its workflow."""
    stream = await unfold(office)
    store(name, await office.history(stream))


async def record_runs(office: Office, name: str, unfold: Callable[[Office], Awaitable[str]]) -> None:
    """The first run and the last of a case that continued as new."""
    stream = await unfold(office)
    await office.caught_up(stream)
    last = await office.history(stream)
    started = last.events[0].workflow_execution_started_event_attributes
    store(f"{name}-first", await office.history(stream, started.first_execution_run_id))
    store(f"{name}-last", last)


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


async def refresh(names: Collection[str]) -> None:
    """Those of ``names``; one that continued as new is named without its runs."""

    async def each(
        office: Office,
        unfolding: Mapping[str, Callable[[Office], Awaitable[str]]],
        kept: Callable[[Office, str, Callable[[Office], Awaitable[str]]], Awaitable[None]] = record,
    ) -> None:
        await asyncio.gather(*(kept(office, name, unfolding[name]) for name in unfolding if name in names))

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(data=home / "data", log_level="error")
        configure_logs(settings)
        async with servers(home / "servers") as target:
            async with open_office(settings, target) as office:
                await each(office, RECORDED)
            # What is published of another log is kept apart.
            apart = settings.model_copy(update={"data": home / "elsewhere"})
            async with open_office(apart, await elsewhere(target, Kind.PRODUCTION)) as office:
                for name in ELSEWHERE:
                    await each(office, {name: ELSEWHERE[name]})
            async with (
                temporal_server(home / "second", target, LONG_IS_SHORT) as second,
                open_office(settings, second) as office,
            ):
                await each(office, LONG, record_runs)
            too_old = settings.model_copy(update={"listings_max_age_days": 1})
            async with open_office(too_old, target) as office:
                await each(office, ON_AN_OLD_LIST)


def main(words: list[str]) -> int:
    every = {*RECORDED, *ELSEWHERE, *LONG, *ON_AN_OLD_LIST}
    if unknown := set(words) - every:
        print(f"no such history: {', '.join(sorted(unknown))}; there are {', '.join(sorted(every))}")
        return 2
    if not words:
        for stale in FOLDER.glob("*.json"):
            stale.unlink()
    asyncio.run(refresh(words or every))
    stored = sorted(FOLDER.glob("*.json"))
    print(f"{len(stored)} histories, {sum(path.stat().st_size for path in stored) // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
