"""The native core of Temporal's SDK: where its own log lines go, and whether its metrics are served."""

import logging
from functools import cache

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)


class MetricsError(Exception):
    """The metrics cannot be served. The message says where and why."""


@cache
def core(metrics_address: str | None = None) -> Runtime:
    """The core, one for a process; it lives as long as the process does.

    By itself it would write its lines, in colours, to standard output, which is for answers.

    :raises MetricsError: where the address is taken or not this machine's.
    """
    forwarding = LogForwardingConfig(
        logging.getLogger("temporalio.core"),
        append_target_to_name=False,
        prepend_target_on_message=False,
        # They are among a line's other values: greenlight.connection.logs.
        append_log_fields_to_message=False,
    )
    logs = LoggingConfig(TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding)
    metrics = PrometheusConfig(metrics_address, durations_as_seconds=True) if metrics_address else None
    try:
        return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=metrics))
    except ValueError as error:
        raise MetricsError(f"metrics cannot be served at {metrics_address}: {error}") from error
