"""Log lines: one form for ours and the SDK's, with the case they belong to and nothing confidential."""

import asyncio
import json
import logging
import re
import time
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Literal

import pytest
import pytest_asyncio
import structlog
from temporalio import activity, workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from greenlight.connection.logs import configure_logs
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, connect
from tests.logging_as_it_was import logging_as_it_was

TASK_QUEUE = "logs"
SECRET = "s3cret"
FAILING = "Failing workflow task"
"""What the SDK's core says of a workflow that fails again."""

Line = dict[str, object]
Level = Literal["debug", "info", "warning", "error"]


@contextmanager
def written(level: Level = "info", form: Literal["console", "json"] = "json") -> Generator[StringIO]:
    """What is logged while the context lasts; afterwards everything is as it was."""
    with logging_as_it_was(), redirect_stderr(StringIO()) as stream:
        configure_logs(Settings(log_format=form, log_level=level))
        yield stream


def lines(stream: StringIO) -> list[Line]:
    """Every line is a JSON document."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_who_logs_meanwhile_logs_afterwards_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    log = ours()
    with written() as stream:
        log.info("meanwhile")
    assert only(stream)["event"] == "meanwhile"
    log.info("afterwards")
    assert "afterwards" in capsys.readouterr().out


def only(stream: StringIO) -> Line:
    (line,) = lines(stream)
    return line


def ours(name: str = "greenlight") -> structlog.stdlib.BoundLogger:
    return structlog.stdlib.get_logger(name)


# What the SDK logs


@activity.defn
async def talks_outside(_: str) -> None:
    activity.logger.info("outside")


@workflow.defn
class Talks:
    def __init__(self) -> None:
        self._asked = False

    @workflow.run
    async def run(self, secret: str) -> None:
        workflow.logger.info("inside", extra={"stage": "review"})
        await workflow.execute_local_activity(
            talks_outside, secret, start_to_close_timeout=timedelta(seconds=5)
        )
        await workflow.wait_condition(lambda: self._asked)

    @workflow.update
    async def ask(self, _: str) -> None:
        workflow.logger.info("asked")
        self._asked = True


@workflow.defn
class Fails:
    @workflow.run
    async def run(self, _: str) -> None:
        raise RuntimeError("a bug")


@pytest_asyncio.fixture(scope="module")
async def said(target: Target) -> list[Line]:
    """Every line of a worker, at the level that says most."""
    client = await connect(target)
    worker = Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[Talks, Fails],
        activities=[talks_outside],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    with written("debug") as stream:
        async with worker:
            talks = await client.start_workflow(Talks.run, SECRET, id="talks", task_queue=TASK_QUEUE)
            # One of the SDK's overloads leaves a type open; the one used here does not.
            await talks.execute_update(  # pyright: ignore[reportUnknownMemberType]
                Talks.ask, SECRET, id="question"
            )
            await talks.result()
            fails = await client.start_workflow(Fails.run, SECRET, id="fails", task_queue=TASK_QUEUE)
            limit = time.monotonic() + 10
            while FAILING not in stream.getvalue():
                assert time.monotonic() < limit, stream.getvalue()
                await asyncio.sleep(0.02)
            await fails.terminate()
    return lines(stream)


def line_of(said: list[Line], event: str) -> Line:
    """The first line that begins so."""
    return next(line for line in said if str(line["event"]).startswith(event))


BASIC = {"event", "level", "logger", "timestamp"}


@pytest.mark.parametrize(
    ("event", "logger", "more"),
    [
        ("inside", "temporalio.workflow", {"stage": "review"}),
        ("asked", "temporalio.workflow", {"update_id": "question", "update_name": "ask"}),
        ("outside", "temporalio.activity", {"activity_type": "talks_outside"}),
    ],
)
def test_a_line_of_the_sdk_has_its_case_and_nothing_else_of_the_context(
    said: list[Line], event: str, logger: str, more: Line
) -> None:
    line = line_of(said, event)
    assert line.keys() == BASIC | {"case", "run_id", "attempt"} | more.keys()
    assert (line["event"], line["logger"], line["level"]) == (event, logger, "info")
    assert (line["case"], line["attempt"]) == ("talks", 1)
    assert re.fullmatch(r"[0-9a-f-]{36}", str(line["run_id"]))
    assert line.items() >= more.items()


def test_lines_of_one_run_have_its_id(said: list[Line]) -> None:
    ids = {line["run_id"] for line in said if line.get("case") == "talks"}
    assert len(ids) == 1
    assert ids.isdisjoint(line["run_id"] for line in said if line.get("case") == "fails")


def test_a_workflow_that_fails_says_why(said: list[Line]) -> None:
    line = line_of(said, "Failed activation")
    assert (line["case"], line["level"]) == ("fails", "warning")
    trace = str(line["exception"])
    assert trace.startswith("Traceback (most recent call last):\n")
    assert trace.endswith("RuntimeError: a bug")


def test_a_line_of_the_core_is_passed_on_with_its_target(said: list[Line]) -> None:
    line = line_of(said, FAILING)
    assert line.keys() == BASIC | {"target", "run_id"}
    assert (line["event"], line["logger"], line["level"]) == (FAILING, "temporalio.core", "warning")
    assert line["target"] == "temporalio_sdk_core::worker::workflow"
    assert line["run_id"] == line_of(said, "Failed activation")["run_id"]


def test_no_level_makes_the_sdk_write_what_messages_say(said: list[Line]) -> None:
    assert SECRET not in json.dumps(said)
    assert not [
        line for line in said if line["level"] == "debug" and str(line["logger"]).startswith("temporalio")
    ]


# What we log


def test_a_line_is_a_document_that_says_who_when_and_how_bad() -> None:
    before = datetime.now(UTC)
    with written() as stream:
        ours("desk").info("accepted", case="application-Z000001", run_id="run", version=2)
    line = only(stream)
    at = datetime.fromisoformat(str(line.pop("timestamp")))
    assert at.utcoffset() == timedelta(0)
    assert before <= at <= datetime.now(UTC)
    assert line == {
        "event": "accepted",
        "level": "info",
        "logger": "desk",
        "case": "application-Z000001",
        "run_id": "run",
        "version": 2,
    }


def test_a_workflow_id_is_called_a_case() -> None:
    with written() as stream:
        ours().info("one", workflow_id="application-Z000001")
        ours().info("other", workflow_id="application-Z000001", case="application-Z000002")
    one, other = lines(stream)
    assert one["case"] == "application-Z000001"
    assert other["case"] == "application-Z000002"
    assert "workflow_id" not in one.keys() | other.keys()


def test_lines_of_other_libraries_look_the_same() -> None:
    with written() as stream:
        logging.getLogger("library").warning("%d of %s", 1, "them", extra={"case": "application-Z000001"})
    line = only(stream)
    assert line.keys() == BASIC | {"case"}
    assert (line["event"], line["logger"], line["level"]) == ("1 of them", "library", "warning")
    assert line["case"] == "application-Z000001"


def test_what_belongs_to_the_surroundings_is_on_every_line() -> None:
    with written() as stream, structlog.contextvars.bound_contextvars(case="application-Z000001"):
        ours().info("ours")
        logging.getLogger("library").warning("theirs")
    assert [line["case"] for line in lines(stream)] == ["application-Z000001"] * 2


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_a_level_leaves_away_what_is_below(level: Level) -> None:
    with written(level) as stream:
        for name in ("debug", "info", "warning", "error"):
            getattr(ours(), name)(name)
            getattr(logging.getLogger("library"), name)(name)
    every = ["debug", "info", "warning", "error"]
    wanted = every[every.index(level) :]
    assert [line["level"] for line in lines(stream)] == [name for name in wanted for _ in range(2)]


def test_what_is_written_stays_on_one_line() -> None:
    with written() as stream:
        ours().info("two\nlines", text="\N{SNOWMAN}\r\nmore")
    line = only(stream)
    assert (line["event"], line["text"]) == ("two\nlines", "\N{SNOWMAN}\r\nmore")


def test_standard_output_is_left_for_answers() -> None:
    with redirect_stdout(StringIO()) as answers, written() as stream:
        ours().info("ours")
        logging.getLogger("library").error("theirs")
    assert len(lines(stream)) == 2
    assert answers.getvalue() == ""


def fail(secret: str) -> None:
    assert secret
    raise ValueError("a bug")


def test_an_exception_is_one_line_too() -> None:
    with written() as stream:
        for logger in (ours(), logging.getLogger("library")):
            try:
                fail(SECRET)
            except ValueError:
                logger.exception("failed")
    for line in lines(stream):
        assert (line["event"], line["level"]) == ("failed", "error")
        assert str(line["exception"]).endswith("ValueError: a bug")
        assert "exc_info" not in line
        assert SECRET not in json.dumps(line)


def test_an_exception_for_people_shows_no_values() -> None:
    """Parties, goods and tokens are among the variables of what failed."""
    with written(form="console") as stream:
        try:
            fail(SECRET)
        except ValueError:
            ours().exception("failed")
    text = stream.getvalue()
    assert "ValueError: a bug" in text
    assert SECRET not in text


def test_a_line_for_people_has_the_case_and_no_colours_in_a_file() -> None:
    with written(form="console") as stream:
        ours("desk").info("accepted", case="application-Z000001")
    assert re.fullmatch(r"\S+Z \[info +\] accepted +\[desk\] case=application-Z000001\n", stream.getvalue())


def test_what_somebody_sent_moves_no_cursor() -> None:
    with written(form="console") as stream:
        logging.getLogger("greenlight").warning("\x1b[2Jfrom %s", "\u202eydaeR\r")
    assert "‹U+001B›[2Jfrom ‹U+202E›ydaeR‹U+000D›" in stream.getvalue()
