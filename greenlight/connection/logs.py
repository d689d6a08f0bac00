"""Structured logs: every line, Temporal's own included, in one format with the case it belongs to."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, cast

import structlog
from structlog.types import Processor
from temporalio import activity, workflow

from greenlight.connection.settings import Settings
from greenlight.kernel.legible import legible

if TYPE_CHECKING:
    from temporalio.bridge.runtime import BufferedLogEntry

_KEPT = {
    "workflow_id": "case",
    "run_id": "run_id",
    "workflow_run_id": "run_id",
    "update_id": "update_id",
    "update_name": "update_name",
    "activity_type": "activity_type",
    "attempt": "attempt",
}
"""The parts of a line's context that the SDK knows and we keep, by the name that each gets here."""

_KEPT_OF_CORE = _KEPT | {"error": "error"}


def configure_logs(settings: Settings) -> None:
    """Send everything through the standard library's root logger, rendered for people or as JSON lines.

    Lines go to standard error: standard output is for answers.
    """
    # The SDK would otherwise repeat its context inside each message.
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _temporal_context,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.log_format == "json":
        rendering: list[Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    else:
        rendering = [
            _all_legible,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The one that it prefers shows local variables: parties, goods and tokens.
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    if settings.log_level == "debug":
        # At that level the SDK writes out whole messages: parties, goods and tokens.
        logging.getLogger("temporalio").setLevel(logging.INFO)


def _temporal_context(
    logger: object, method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Lift the ids out of what the SDK attaches to its lines, and leave the rest away."""
    for nested in ("temporal_workflow", "temporal_activity"):
        _lift(event, cast(Mapping[str, object], event.pop(nested, None) or {}), _KEPT)
    line = cast("BufferedLogEntry | None", event.pop("temporal_log", None))
    if line is not None:
        event["target"] = line.target
        _lift(event, line.fields, _KEPT_OF_CORE)
    if "workflow_id" in event:
        event.setdefault("case", event.pop("workflow_id"))
    return event


def _all_legible(
    logger: object, method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Show text that somebody sent: nothing of it is hidden, and nothing moves the cursor."""
    return {name: legible(value) if isinstance(value, str) else value for name, value in event.items()}


def _lift(event: MutableMapping[str, object], context: Mapping[str, object], kept: Mapping[str, str]) -> None:
    for key, name in kept.items():
        if key in context:
            event.setdefault(name, context[key])
