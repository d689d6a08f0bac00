"""Names against names, and against the whole official list: how well they are found, at what price."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.lists import FILE
from bench.screening import curve, labelled, speed
from bench.screening.alerts import alerts, per_thousand
from bench.screening.official import chosen, official_book, on_no_list
from bench.screening.recall import altered, missed, recall
from bench.screening.unlisted import unlisted
from greenlight.cli.base.output import warn

SEED: Final = 2026
PICTURE: Final = Path(__file__).parents[1] / "screening.svg"


def measure() -> dict[str, float]:
    """Of pairs: how well they are told apart, and microseconds.

    Of the list: what is found of names with slips, the alerts that names on no list raise, both as the
    threshold moves (bench/screening.svg), and how long it takes.
    """
    figures = labelled.measure()
    if (book := official_book()) is None:
        warn(
            f"left out, as {FILE} names no official list: slip_recall, alerts_per_1000, screening.svg, "
            "screen_name_median_ms, screen_name_p99_ms, screen_names_per_s, index_recall, index_build_s"
        )
        return figures
    at = datetime.now(UTC)
    figures |= speed.measure(book, at, SEED)
    slips = altered(chosen(book, at, SEED), SEED)
    figures |= recall(slips, missed(slips, book, at))
    names = {source: on_no_list(of, book) for source, of in unlisted(SEED).items()}
    figures |= per_thousand(names, alerts(names, book, at))
    if curves := curve.curves(slips, names, book):
        PICTURE.write_text(curve.picture(curves), encoding="utf-8")
        warn(f"drawn to {PICTURE}")
    return figures
