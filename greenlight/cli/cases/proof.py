"""Proofs of a case's events for somebody outside, who trusts public keys and not our servers."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Csv, Json, stream_of
from greenlight.cli.base.output import fail, print_rows, say
from greenlight.cli.base.session import REFUSED, USAGE, Session, read_settings, run
from greenlight.kernel.model import Model
from greenlight.kernel.streams import officer_stream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from greenlight.eventlog.prove import Proven

SUFFIX = ".tlog-proof"


class Written(Model):
    """A proof that was written: the number of the event in its stream, its type, its place in the log."""

    event: int
    type: str
    position: int
    file: Path


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(proof)


def proof(
    case: Annotated[
        str,
        typer.Argument(
            metavar="CASE",
            help="Control number (A123456), license (D000001), a workflow id, or officer-ID for a key.",
        ),
    ],
    event: Annotated[
        int | None, typer.Option(min=1, help="Only this event, by its number in the case's history.")
    ] = None,
    save: Annotated[Path, typer.Option(metavar="FOLDER", help="Write the proofs into this folder.")] = Path(),
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Write a proof of each event of a case, to be checked with two public keys by anybody, offline.

    A proof holds the event itself, and what shows that the log has it. Give it to whom the event may be
    shown. examples/verify_proof.py checks it; with the proof of the event that registered the officer's key,
    their signature, too.

    Example: starter.py proof A123456 --event 12 --save proofs
    """
    stream = case if case.startswith(officer_stream("")) else stream_of(case)

    async def action(session: Session) -> list[Written]:
        from greenlight.eventlog.prove import UnprovableError

        written: list[Written] = []
        try:
            async for proven in proofs(session, stream, event):
                file = save / f"{stream}-{proven.event.version}{SUFFIX}"
                write(file, bytes(proven.proof))
                written.append(
                    Written(
                        event=proven.event.version,
                        type=proven.event.type,
                        position=proven.event.position,
                        file=file,
                    )
                )
        except UnprovableError as error:
            raise fail(REFUSED, str(error)) from None
        return written

    written = run(action)
    if not written:
        raise fail(REFUSED, f"{case} has no event {event}" if event else f"there is no case {case}")
    print_rows(
        written,
        json,
        f"{case}: proofs",
        {
            "event": lambda each: str(each.event),
            "type": lambda each: each.type,
            "position": lambda each: str(each.position),
            "file": lambda each: str(each.file),
        },
        csv=csv,
        drop=("position",),
    )
    if not json and not csv:
        say(f"Written into {save.absolute()}; examples/verify_proof.py checks one.")


async def proofs(session: Session, stream: str, version: int | None) -> "AsyncGenerator[Proven]":
    """Proofs of events, from the published log of this machine.

    :raises UnprovableError: there are none.
    """
    from contextlib import aclosing

    from greenlight.eventlog.prove import Prover
    from greenlight.tlog.folder import TileFolder

    prover = Prover(session.database_url, TileFolder(read_settings().tile_path))
    try:
        async with aclosing(prover.prove(stream, version)) as found:
            async for proven in found:
                yield proven
    finally:
        await prover.close()


def write(path: Path, content: bytes) -> None:
    """Write a file for its owner alone, and its folder where there is none; an end with a message where that
    cannot be."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise fail(USAGE, f"{path} cannot be written: {error.strerror}") from None
