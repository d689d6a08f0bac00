"""The docket of 2019-2020, rehearsed: the whole service lives through fifteen months in minutes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.output import bold, fail, print_json, print_table, progress, say, words
from greenlight.cli.base.session import UNREACHABLE, read_settings
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.time.calendar import end_of_day, plain_date

if TYPE_CHECKING:
    from greenlight.audit.fault import Fault
    from greenlight.cli.rehearsal.docket_svg import Milestone, Point, Reported
    from greenlight.cli.rehearsal.years import Span
    from greenlight.connection.settings import Settings
    from greenlight.connection.target import Target
    from greenlight.eventlog.read import Reader
    from greenlight.eventlog.statistics import ClassCounts
    from greenlight.law.terms.picture import Timeline
    from greenlight.reference.dockets import DocketFile

SEED = 2019
WEEK = timedelta(days=7)
AUDIT_SECONDS = 60
"""For the auditor to come to the end of the log."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The outcome of the rehearsal. ``points`` are the counts week by week, ``figures`` what was reported."""

    milestones: "tuple[Milestone, ...]"
    points: "tuple[Point, ...]"
    timeline: "Timeline"
    figures: "Reported"
    commands: int
    deadlines: int
    seconds: float
    target: "Target"


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Try it")(demo)


def demo(
    seed: Annotated[int, typer.Option(help="The same seed makes up the same applications.")] = SEED,
    svg: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to draw the picture. Default: docket.svg beside the data."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Rehearse the docket of 2019-2020: the listing, the reprieve, the applications, the green light.

    The applications are made up, at the pace that was reported. Every command is signed, every decision made
    by the law and the policies, in real workflows on servers whose clock is driven. Takes about two minutes.
    Below it in the picture: the rules of 2025-2026 and a freeze, by their days, and what nobody knows.

    Example: starter.py demo --seed 7 --svg docket.svg
    """
    import uvloop

    from greenlight.cli.rehearsal.docket_svg import picture
    from greenlight.cli.rehearsal.years import spans
    from greenlight.connection.logs import configure_logs
    from greenlight.reference.chronicles import load_chronicle
    from greenlight.reference.rules import load_rules
    from worker import START_ERRORS

    settings = _rehearsing(read_settings()).model_copy(update={"seed": seed})
    configure_logs(settings.model_copy(update={"log_level": "error"}))
    try:
        found, faults = uvloop.run(_rehearse(settings, seed))
    except START_ERRORS as error:
        raise fail(UNREACHABLE, f"greenlight: {error}") from None
    file = svg or settings.data / "docket.svg"
    chronicle = load_chronicle()
    years = spans(chronicle, load_rules())
    drawing = picture(found.points, found.milestones, found.timeline, found.figures, (chronicle, years))
    file.write_text(drawing, encoding="utf-8")
    if json:
        print_json(
            {
                "milestones": [each.model_dump(mode="json") for each in found.milestones],
                "commands": found.commands,
                "deadlines": found.deadlines,
                "seconds": round(found.seconds, 1),
                "picture": str(file),
                "years": [each.model_dump(mode="json") for each in years],
                "faults": None if faults is None else [fault.model_dump(mode="json") for fault in faults],
            }
        )
    else:
        _conclude(found, faults, settings, file)
        _print_years(chronicle.title, years)


def _rehearsing(settings: "Settings") -> "Settings":
    """A folder of its own: a log of rehearsals is never one of decisions, and nothing is written over. So are
    its servers, whose ports are free ones: others may run beside them."""
    number = 1
    while (folder := settings.data / f"rehearsal-{number}").exists():
        number += 1
    return settings.model_copy(
        update={"data": folder, "kind": Kind.REHEARSAL, "temporal_port": 0, "ui_port": 0}
    )


async def _rehearse(settings: "Settings", seed: int) -> "tuple[Rehearsed, tuple[Fault, ...] | None]":
    from greenlight.audit.beside import audited, beside
    from greenlight.eventlog.database import connection
    from greenlight.eventlog.stored import read_head
    from greenlight.reference.dockets import load_docket
    from worker import servers, service

    file = load_docket()
    days = (file.ends - file.begins).days + 1
    with progress("Starting PostgreSQL and Temporal", days) as steps:

        def at(day: date) -> None:
            done = (day - file.begins).days
            steps.at(done, what=plain_date(day))

        async with (
            servers(settings) as target,
            service(settings, target),
            beside(settings.model_copy(update={"log_level": "error"}), target.auditor_url),
        ):
            found = await lived(settings, target, file, seed, at)
            steps.at(what="Waiting for the auditor")
            async with connection(target.database_url, application="greenlight-demo") as database:
                head = await read_head(database)
            return found, await audited(settings.auditor_path, head.position, AUDIT_SECONDS)


async def lived(
    settings: "Settings", target: "Target", file: "DocketFile", seed: int, told: Callable[[date], None]
) -> Rehearsed:
    """Live through the docket of ``file`` on a service that runs; ``told`` hears of each day on the way."""
    import time

    from greenlight.cli.operations.development import OFFICERS, ensure_development_officers
    from greenlight.cli.rehearsal.docket_svg import Point
    from greenlight.client import Keyring
    from greenlight.connection.target import connect
    from greenlight.eventlog.read import Reader
    from greenlight.reference.listings import load_listings
    from greenlight.reference.policies import load_policy
    from greenlight.reference.reprieves import load_reprieve
    from greenlight.rehearsal import Driver
    from greenlight.rehearsal.docket import Docket
    from greenlight.rehearsal.listing import Listed
    from greenlight.rehearsal.synthetic import arrivals

    keyring = Keyring(settings.keys)
    await ensure_development_officers(target.writer_url, keyring)
    signers = {name: keyring.signer(name) for name in OFFICERS}
    book, history, began = load_listings(settings.listings), load_reprieve(), time.monotonic()
    async with Reader(target.database_url) as reader:
        driver = Driver(
            await connect(target), reader, seed=seed, start=book.listings[0].begins, window=WEEK, at_once=16
        )
        Listed(book, history, load_policy(), signers).plan(driver)
        Docket(file, arrivals(file, book, seed), signers, reader).plan(driver)
        reported = _reported(file)
        milestones: list[Milestone] = []
        points: list[Point] = []
        for day in _days(file, set(reported)):
            await driver.run(end_of_day(day))
            told(day)
            total, noticed = await _counted(target, reader, end_of_day(day))
            points.append(
                Point(
                    day=day,
                    received=total.received,
                    approved=total.approved,
                    denied=total.denied + noticed,
                    returned=total.returned + total.withdrawn,
                    pending=total.pending - noticed,
                )
            )
            if day in reported:
                milestones.append(_milestone(file, day, total, noticed))
        return Rehearsed(
            milestones=tuple(milestones),
            points=tuple(points),
            timeline=await _timeline(reader, history.key, history.title),
            figures=_figures(file),
            commands=driver.actions,
            deadlines=driver.ticks,
            seconds=time.monotonic() - began,
            target=target,
        )


def _reported(file: "DocketFile") -> dict[date, str]:
    found = {record.through: record.reported for record in file.received}
    found[file.first_decisions.day] = file.first_decisions.reported
    found[file.ends] = f"{file.later.reported}; {file.stuck.reported}"
    return found


def _figures(file: "DocketFile") -> "Reported":
    """The figures that were reported, for the picture: beside the line that it is about."""
    from greenlight.cli.rehearsal.docket_svg import Reported

    last, first, later = file.received[-1], file.first_decisions, file.later
    by = plain_date(first.day)
    return Reported(
        lines={
            "received": f"{last.reported} by {plain_date(last.through)}",
            "approved": f"{first.approved_percent} % by {by}, then {later.approved}",
            "denied": f"{first.intent_to_deny_percent} % by {by}, then {later.denied}",
            "returned": f"{later.returned}",
            "pending": f"about {file.stuck.applications} stuck",
        },
        drop=first.day,
        drop_said=first.reported,
    )


def _days(file: "DocketFile", reported: set[date]) -> list[date]:
    """Every week, and the days of which something is published."""
    weeks = range(0, (file.ends - file.begins).days, WEEK.days)
    return sorted({file.begins + timedelta(days=n) for n in weeks} | reported)


async def _counted(target: "Target", reader: "Reader", at: datetime) -> "tuple[ClassCounts, int]":
    """The counts of all applications, and how many of the pending ones are to be denied."""
    from greenlight.eventlog.rows import DocketFilter
    from greenlight.eventlog.statistics import statistics
    from greenlight.law.application.state import Stage

    counted = await statistics(target.database_url, at)
    noticed = await reader.docket(DocketFilter(stage=Stage.INTENT_TO_DENY.value), limit=1_000)
    return counted.classes[0], len(noticed)


def _milestone(file: "DocketFile", day: date, total: "ClassCounts", noticed: int) -> "Milestone":
    from greenlight.cli.rehearsal.docket_svg import Milestone

    received = {record.through: record.applications for record in file.received}
    return Milestone(
        day=day,
        reported=_reported(file)[day],
        reported_received=received.get(day),
        received=total.received,
        approved=total.approved,
        to_be_denied=noticed,
        denied=total.denied,
        returned=total.returned,
        pending=total.pending - noticed,
    )


async def _timeline(reader: "Reader", key: str, title: str) -> "Timeline":
    from greenlight.kernel.streams import reprieve_stream
    from greenlight.law.reprieve import timeline as pictures
    from greenlight.law.reprieve.aggregate import REPRIEVE

    events = [REPRIEVE.read(event.record) async for event in reader.stream(reprieve_stream(key))]
    return pictures.timeline(title, events)


def _conclude(found: Rehearsed, faults: "tuple[Fault, ...] | None", settings: "Settings", file: Path) -> None:
    print_table(
        "The docket at the end of the day (applications are made up)",
        ("day", "received", "approved", "to be denied", "denied", "RWA", "pending"),
        (
            (
                plain_date(each.day),
                *map(str, (each.received, each.approved, each.to_be_denied, each.denied, each.returned)),
                str(each.pending),
            )
            for each in found.milestones
        ),
    )
    say("What was reported:")
    for each in found.milestones:
        say(f"  {plain_date(each.day)}: {each.reported}")
    print_table(
        "The reprieve, decided by its policy",
        ("term", "from", "through"),
        (
            (str(bar.number), plain_date(bar.begin.date()), plain_date((bar.end - WEEK / 7).date()))
            for bar in found.timeline.terms
        ),
    )
    rate = found.commands / found.seconds
    say(
        f"{found.commands} commands and {found.deadlines} deadlines in {found.seconds:.0f} s"
        f" ({rate:.0f} commands a second). Picture: {file}"
    )
    say(_of_the_audit(faults))
    say()
    say("All is kept. To look at any case, start the service on it:")
    say(bold(f"  GREENLIGHT_DATA={settings.data} GREENLIGHT_KIND=rehearsal make serve"))
    say("and in another terminal, with the same GREENLIGHT_DATA:")
    for command in ("statistics --as-of 2019-11-20", "reprieve show huawei", "directive list", "verify"):
        say(f"  .venv/bin/python starter.py {command}")


def _print_years(title: str, years: "Sequence[Span]") -> None:
    print_table(
        title,
        ("what", "from", "through", "how", "source"),
        (
            (each.what, plain_date(each.begins), plain_date(each.through), words(each.how), each.citation)
            for each in years
        ),
    )


def _of_the_audit(faults: "tuple[Fault, ...] | None") -> str:
    if faults is None:
        return "The auditor has not come to the end yet."
    if faults:
        return f"The auditor found {len(faults)} faults, the first at position {faults[0].position}."
    return "Audited: a second program checked every signature and decided every event again, and agrees."
