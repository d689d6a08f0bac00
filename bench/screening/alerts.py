"""Alerts that names on no list raise."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bench.screening.official import screened
from greenlight.screening.book import ListingBook
from greenlight.screening.finding import Finding


class Alert(NamedTuple):
    """A name that is on no list, and the finding that an officer has to look at: something like it is, or it
    could not be screened."""

    source: str
    name: str
    finding: Finding


def alerts(names: Mapping[str, Sequence[str]], book: ListingBook, at: datetime) -> list[Alert]:
    return [
        Alert(source, name, finding)
        for source, of in names.items()
        for name, finding in zip(of, screened(of, book, at), strict=True)
        if finding.outcome != "no_match"
    ]


def per_thousand(names: Mapping[str, Sequence[str]], raised: Sequence[Alert]) -> dict[str, float]:
    return {
        f"alerts_per_1000_{source}": 1_000 * sum(alert.source == source for alert in raised) / len(of)
        for source, of in names.items()
    }
