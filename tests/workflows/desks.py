"""The activities of cases as another worker has them, over the same log."""

from typing import Protocol

from temporalio.client import Client

from activities.cases import CaseActivities
from greenlight.kernel.clock_kind import Kind
from greenlight.service.desk import EventLog
from greenlight.service.licenses import Licenses, Log
from greenlight.service.priorities import Priorities
from greenlight.service.suppliers import Screener, Suppliers


class _Log(EventLog, Log, Protocol):
    """All that they need of it."""


def case_work(log: _Log, screener: Screener, temporal: Client) -> CaseActivities:
    suppliers, licenses = Suppliers(log, screener, None), Licenses(log, temporal)
    return CaseActivities(log, suppliers, licenses, Priorities(temporal), Kind.PRODUCTION)
