"""The auditor as a program: ``greenlight-auditor``, and ``python -m greenlight.audit``."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import NoReturn

import structlog
from pydantic import ValidationError

from greenlight.audit import place as places
from greenlight.audit.acknowledged import acknowledge
from greenlight.audit.beside import UNTIL_EOF
from greenlight.audit.cosign import FolderCosigner, own_key
from greenlight.audit.follow import ACKNOWLEDGED, PLACE, Auditor, Report, follow, opened
from greenlight.audit.place import PlaceError
from greenlight.connection import runtime
from greenlight.connection.folders import FolderError, auditor_folders
from greenlight.connection.logs import configure_logs
from greenlight.connection.settings import Settings
from greenlight.embedded import running
from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
from greenlight.eventlog.stored import LogMissingError
from greenlight.extensions import ExtensionError, load_extensions
from greenlight.files import text_of
from greenlight.kernel.legible import legible
from greenlight.kernel.problems import first_problem
from greenlight.signing.keys import KeyFileError, SigningKey
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.note import KeyType, NoteError, NoteSigner, VerifierKey
from greenlight.tlog.witness import Witness, WitnessBusyError, serving

_log = structlog.stdlib.get_logger("auditor")

_HELP = """\
Check the event log as somebody else than the service: who signed what, whether the law has it so, and
what the service recorded by itself.

  follow        (the default) check what is recorded, as long as the program runs
  once          check up to the end of the log, say how it stands, and end
  acknowledge   say that you know of a fault: two people have to, each with a key of their own
  witness       cosign checkpoints of other people's logs, wherever one extends what was seen before

While no fault is open, it cosigns the checkpoints in GREENLIGHT_TILE_FOLDER whose root it works out itself.
"""

_EXAMPLES = """\
examples:
  greenlight-auditor
  GREENLIGHT_AUDITOR_URL=postgresql://greenlight_audit@db/greenlight greenlight-auditor follow
  greenlight-auditor once
  greenlight-auditor acknowledge 4711 --officer vera --key vera.pem
  greenlight-auditor witness 127.0.0.1:8300 --name witness.example --log keys.txt

It keeps its key, its place and what it found in GREENLIGHT_AUDITOR_FOLDER, and goes on there. Metrics are
served at GREENLIGHT_METRICS_ADDRESS. Exit codes: 0 all is sound, 1 a fault is open, 2 usage, 3 unreachable.
"""

OK, FAULTY, USAGE, UNREACHABLE = range(4)


class _UsageError(Exception):
    """Something else has to be asked. The message says what."""


def main() -> NoReturn:
    """Run what the words after the program's name say, and leave with its exit code."""
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # The SDK's native threads, which serve the metrics, now and then crash an interpreter that exits in the
    # ordinary way (temporalio/sdk-python issue 300).
    os._exit(code)


def run(words: Sequence[str]) -> int:
    """The exit code of a command."""
    asked = _parser().parse_args(words)
    try:
        load_extensions()
        settings = Settings()
        configure_logs(settings)
        return asyncio.run(_carried_out(asked, settings))
    except ValidationError as error:
        name, _, problem = first_problem(error).partition(": ")
        return _said(USAGE, f"setting GREENLIGHT_{name.upper()}: {problem}")
    except (_UsageError, ExtensionError, KeyFileError, PlaceError, runtime.MetricsError) as error:
        return _said(USAGE, str(error))
    except (DatabaseError, LogMissingError, *LOST_CONNECTION) as error:
        return _said(UNREACHABLE, f"unreachable: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="greenlight-auditor",
        description=_HELP,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    following = commands.add_parser("follow")
    following.add_argument(UNTIL_EOF, action="store_true", help="end when standard input does")
    once = commands.add_parser("once")
    once.add_argument("--strict", action="store_true", help="what could not be examined ends with 1, too")
    known = commands.add_parser("acknowledge")
    known.add_argument("position", type=int)
    known.add_argument("--officer", required=True, help="who you are: an auditor or a registrar")
    known.add_argument("--key", required=True, type=Path, help="your private key, as a PEM file")
    witness = commands.add_parser(
        "witness",
        description="Answer the witness protocol (c2sp.org/tlog-witness) over HTTP until it is stopped.",
        epilog="example:\n  greenlight-auditor witness 127.0.0.1:8300 --name witness.example --log keys.txt",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    witness.add_argument("address", metavar="HOST:PORT", help="where to answer; port 0: a free one")
    witness.add_argument("--name", required=True, help="of the witness, in its verifier key")
    a_log = "verifier key of a log to cosign, or a file whose first line is one (keys.txt); any number"
    witness.add_argument("--log", required=True, action="append", metavar="KEY", help=a_log)
    return parser


async def _carried_out(asked: argparse.Namespace, settings: Settings) -> int:
    if asked.command == "witness":
        return await _witness(settings.auditor_path / "witness", asked.address, asked.name, asked.log)
    if asked.command == "acknowledge":
        return _acknowledge(settings, asked.position, asked.officer, asked.key)
    if asked.command == "once":
        async with opened(auditor_of(settings, told=None)) as following:
            return _stands(await following.catch_up(), strict=asked.strict)
    ending = _until_stopped()
    if getattr(asked, "until_eof", False):
        # With it ends whoever holds the other end, however that comes about.
        Thread(target=_at_eof, args=(asyncio.get_running_loop(), ending), daemon=True).start()
    auditor = auditor_of(settings, told=metrics(settings))
    _log.info("auditor started", folder=str(auditor.folder))
    await follow(auditor, ending, settings.audit_interval)
    _log.info("auditor stopping")
    return OK


def _until_stopped() -> asyncio.Event:
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    return ending


async def _witness(folder: Path, address: str, name: str, logs: Sequence[str]) -> int:
    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise _UsageError(f"{address}: give a host and a port, such as 127.0.0.1:8300")
    signer = NoteSigner(name, own_key(folder), KeyType.COSIGNATURE)
    try:
        known = [_log_key(each) for each in logs]
        with (
            closing(Witness(folder, signer, known)) as witness,
            serving(witness, host.strip("[]"), int(port)) as bound,
        ):
            print(f"{signer.verifier}\nanswers at http://{host}:{bound}", flush=True)
            await _until_stopped().wait()
    except (NoteError, WitnessBusyError, OSError, OverflowError) as error:
        raise _UsageError(str(error)) from error
    return OK


def _log_key(text: str) -> VerifierKey:
    """:raises NoteError: it is none, nor is the first line of the file of that name."""
    path = Path(text)
    return VerifierKey.parse(text_of(path).partition("\n")[0] if path.is_file() else text)


def _at_eof(loop: asyncio.AbstractEventLoop, ending: asyncio.Event) -> None:
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(ending.set)


def auditor_of(settings: Settings, *, told: Callable[[Report], None] | None) -> Auditor:
    """The auditor of the database that the environment names, or of the servers on the data folder.

    :raises _UsageError: there is neither, or its folder cannot be used.
    """
    url = settings.auditor_url or settings.database_url
    if url is None:
        up = running(settings.data)
        if up is None:
            raise _UsageError(
                f"no service runs on {settings.data}: `make serve` starts one, or set GREENLIGHT_AUDITOR_URL"
            )
        url = up.auditor_url
    try:
        auditor_folders(settings)
    except FolderError as error:
        raise _UsageError(str(error)) from None
    cosigner = FolderCosigner(TileFolder(settings.tile_path), settings.auditor_path)
    return Auditor(url, settings.auditor_path, cosigner, told=told, tables=settings.tables)


def metrics(settings: Settings) -> Callable[[Report], None] | None:
    """Show how the auditor stands to Prometheus, where an address is set.

    :raises MetricsError: the address is taken or not this machine's.
    """
    if settings.metrics_address is None:
        return None
    meter = runtime.core(settings.metrics_address).metric_meter
    position = meter.create_gauge("greenlight_audit_position", "Up to where the log was checked")
    behind = meter.create_gauge(
        "greenlight_audit_behind", "Events that were recorded since and are not checked"
    )
    faults = meter.create_gauge(
        "greenlight_audit_open_faults", "Faults that two people have not acknowledged"
    )

    cosigned = meter.create_gauge(
        "greenlight_audit_cosigned", "Size of the last checkpoint that the auditor cosigned"
    )

    def show(report: Report) -> None:
        cosigned.set(report.cosigned)
        position.set(report.position)
        behind.set(report.behind)
        faults.set(len(report.open_faults))

    return show


def _acknowledge(settings: Settings, position: int, officer: str, key: Path) -> int:
    folder = settings.auditor_path
    place = places.read(folder / PLACE)
    fault = next((fault for fault in place.faults if fault.position == position), None) if place else None
    if place is None or fault is None:
        raise _UsageError(f"no fault is known at position {position}")
    try:
        acknowledge(folder / ACKNOWLEDGED, place.log_id, fault, officer, SigningKey.load(key))
    except FileNotFoundError:
        raise _UsageError(f"{key}: there is no such file") from None
    print(legible(f"position {position}: {fault.reason}\nacknowledged by {officer}; it takes two people"))
    return OK


def _stands(report: Report, *, strict: bool) -> int:
    for each in report.unexamined:
        print(each.told, file=sys.stderr)
    for fault in report.open_faults:
        print(legible(f"position {fault.position}: {fault.reason}"), file=sys.stderr)
    if report.open_faults:
        return FAULTY
    print(f"{report.position} events: signatures and law hold")
    return FAULTY if strict and report.unexamined else OK


def _said(code: int, message: str) -> int:
    print(legible(f"greenlight-auditor: {message}"), file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
