"""Logging as it was: what a program configures within a test must not reach the tests after it."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

import structlog
from temporalio import activity, workflow


@contextmanager
def logging_as_it_was() -> Generator[None]:
    """Undo, at the end, what a program has configured meanwhile; leave all alone where none has."""
    root, sdk = logging.getLogger(), logging.getLogger("temporalio")
    handlers, levels = list(root.handlers), (root.level, sdk.level)
    on_message = (workflow.logger.workflow_info_on_message, activity.logger.activity_info_on_message)
    try:
        yield
    finally:
        if structlog.is_configured():
            root.handlers = handlers
            root.setLevel(levels[0])
            sdk.setLevel(levels[1])
            workflow.logger.workflow_info_on_message, activity.logger.activity_info_on_message = on_message
            structlog.reset_defaults()
