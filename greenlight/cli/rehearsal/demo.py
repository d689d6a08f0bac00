"""The demonstration: servers, a worker and real applications, from nothing, in one command."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.output import (
    bold,
    doubtful,
    fail,
    print_json,
    print_table,
    progress,
    say,
    warn,
    words,
)
from greenlight.cli.base.session import UNREACHABLE, read_settings
from greenlight.kernel.model import Model
from greenlight.kernel.streams import application_stream

if TYPE_CHECKING:
    from greenlight.cli.rehearsal.scenario import Story
    from greenlight.connection.settings import Settings
    from greenlight.connection.target import Target
    from greenlight.rehearsal.played import PlayedOfficer


class Told(Model):
    """The outcome of one story."""

    acn: str
    title: str
    applicant: str
    stage: str
    license_number: str | None
    events: int
    seconds: float
    waits: bool = False
    """Left for the reader, who countersigns it at the desk."""


def add_to(app: typer.Typer) -> None:
    app.command("demo-quick", rich_help_panel="Try it")(demo_quick)


def demo_quick(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Start everything, send applications through to several outcomes, and show what happened.

    The data stays: make serve shows it again, and a second demo adds to it.
    """
    import uvloop

    from greenlight.connection.logs import configure_logs
    from worker import START_ERRORS

    settings = read_settings()
    # The demonstration speaks for itself; only trouble is worth a line of log.
    configure_logs(settings.model_copy(update={"log_level": "error"}))
    try:
        told, target = uvloop.run(_run(settings))
    except START_ERRORS as error:
        raise fail(UNREACHABLE, f"greenlight: {error}") from None
    if json:
        print_json(
            {
                "ui": target.ui,
                "desk": _waiting(told, settings),
                "cases": [case.model_dump(mode="json", exclude={"waits"}) for case in told],
            }
        )
    else:
        _conclude(told, target, settings)


async def _run(settings: "Settings") -> "tuple[list[Told], Target]":
    from greenlight.cli.operations.development import OFFICERS, ensure_development_officers
    from greenlight.cli.rehearsal.scenario import STORIES
    from greenlight.client import Keyring
    from greenlight.rehearsal.played import PlayedOfficer
    from worker import servers, service

    told: list[Told] = []
    with progress("Starting PostgreSQL and Temporal", len(STORIES) + 2) as steps:
        async with servers(settings) as target:
            steps.advance()
            steps.at(what="Starting the worker")
            async with service(settings, target) as running:
                keyring = Keyring(settings.keys)
                await ensure_development_officers(target.writer_url, keyring)
                steps.advance()
                officers = {o: PlayedOfficer(running.client, keyring.signer(o)) for o in OFFICERS}
                for story in STORIES:
                    steps.at(what=story.title)
                    told.append(await _tell(story, officers))
                    steps.advance()
                steps.at(what="Stopping")
    return told, target


async def _tell(story: "Story", officers: "Mapping[str, PlayedOfficer]") -> Told:
    from greenlight.cli.operations.development import CALLED, OFFICERS
    from greenlight.cli.rehearsal.scenario import resolved
    from greenlight.law.application.state import Stage

    began = datetime.now(UTC)
    # Another demonstration may have left an application for the same goods that is still pending.
    called = CALLED[OFFICERS[story.applicant][0]]
    order = story.application.model_copy(
        update={"applicant": called, "reference": f"PO-{began:%Y%m%d-%H%M%S}"}
    )
    case = await officers[story.applicant].submit(order)
    acn = case.stream.partition("-")[2]
    warn(bold(acn), f" {story.title}: registered, {words(case.status.stage)}")

    def tell(line: str) -> None:
        warn(bold(acn), f"   {line}")

    await resolved(officers, case.stream, story.application, tell)
    await story.unfold(officers, case.stream, tell)
    end = await officers[story.applicant].status(case.stream)
    return Told(
        acn=acn,
        title=story.title,
        applicant=story.applicant,
        stage=end.status.outcome or end.status.stage,
        license_number=end.status.license_number,
        events=end.version,
        seconds=(datetime.now(UTC) - began).total_seconds(),
        waits=end.status.stage == Stage.COUNTERSIGNATURE,
    )


def _waiting(told: list[Told], settings: "Settings") -> str | None:
    """The page of the desk at which a case waits for the reader; None: none was left."""
    acn = next((case.acn for case in told if case.waits), None)
    _, _, port = settings.desk_address.rpartition(":")
    if acn is None or port == "0":
        return None
    origin = settings.desk_origin or f"http://localhost:{port}"
    return f"{origin}/cases/{application_stream(acn)}/do/countersign"


def _conclude(told: list[Told], target: "Target", settings: "Settings") -> None:
    rows = [
        (
            case.acn,
            case.title,
            case.applicant,
            words(case.stage),
            case.license_number or "–",
            str(case.events),
        )
        for case in told
    ]
    columns = ("ACN", "application", "applicant", "stage", "license", "events")
    print_table("What happened (invented companies, real procedure)", columns, rows)
    partial = next((case for case in told if case.license_number), told[0])
    say()
    if target.embedded:
        say(
            doubtful(
                f"Officers signed with DEVELOPMENT KEYS from {settings.keys}: whoever can read that "
                "folder can decide. They are not for real decisions."
            )
        )
        say("All is kept. To look closer, start the service again:")
        say(bold("  make serve"))
        if link := _waiting(told, settings):
            say(
                "One case waits for you. Sign in as carla, or with a passkey of your own, and countersign it:"
            )
            say(bold(f"  {link}"))
        say(f"The Temporal UI is at {target.ui}. In another terminal:")
    else:
        say("To look closer:")
    for command in (
        "list",
        f"show {partial.acn}",
        f"history {partial.acn}",
        "verify",
        "--help",
    ):
        say(f"  .venv/bin/python starter.py {command}")
