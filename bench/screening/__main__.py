"""``python -m bench.screening``: every name with a slip that is not found, and every alert for a name that is
on no list, one a line, with tabs between columns, for whoever works on the comparison."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.lists import FILE
from bench.screening import SEED
from bench.screening.alerts import alerts
from bench.screening.official import chosen, official_book, on_no_list
from bench.screening.recall import altered, missed
from bench.screening.unlisted import unlisted
from greenlight.cli.base.output import warn


def lines() -> Iterator[str]:
    book = official_book()
    if book is None:
        warn(f"{FILE} names no official list")
        return
    at = datetime.now(UTC)
    for lost in missed(altered(chosen(book, at, SEED), SEED), book, at):
        yield "\t".join(("missed", lost.group, lost.slip, lost.written, lost.listed.name))
    names = {source: on_no_list(of, book) for source, of in unlisted(SEED).items()}
    for alert in alerts(names, book, at):
        for match in alert.finding.matches[:1]:
            yield "\t".join(("alert", alert.source, f"{match.score:.1f}", alert.name, match.matched_name))
        if alert.finding.reason is not None:
            yield "\t".join(("alert", alert.source, "", alert.name, alert.finding.reason))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
