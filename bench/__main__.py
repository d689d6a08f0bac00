"""``make bench``: figures against a floor where there is one, by section, written to bench/report.json."""

import argparse
import os
import sys
from collections.abc import Collection
from datetime import UTC, datetime

import uvloop

from bench import report
from bench.report import Measured, measured
from bench.sections import ALONE, ON_DEMAND, SHARED, meaning
from bench.servers import office, worker
from bench.targets import TARGETS
from greenlight.cli.base.output import print_table, say, warn

SECTIONS = (*SHARED, *ALONE)


async def measure(sections: Collection[str]) -> dict[str, Measured]:
    """The figures of the sections, which are run in the order of all."""
    found: dict[str, Measured] = {}
    if together := [name for name in SHARED if name in sections]:
        async with office() as of, worker(of.servers):
            for name in together:
                warn(f"{meaning(name)} …")
                load = os.getloadavg()[0]
                found[name] = measured(await SHARED[name](of), datetime.now(UTC), load)
    for name in ALONE:
        if name in sections:
            warn(f"{meaning(name)} …")
            load = os.getloadavg()[0]
            found[name] = measured(await ALONE[name](), datetime.now(UTC), load)
    return found


def main() -> int:
    chosen = wanted()
    if chosen is None:
        print_table(
            "Sections",
            ("section", "what is measured", ""),
            ((name, meaning(name), "when asked for" if name in ON_DEMAND else "") for name in SECTIONS),
        )
        return 0
    found = uvloop.run(measure(chosen))
    report.update(found)
    figures = {name: value for section in found.values() for name, value in section.figures.items()}
    print_table(
        "Measured in one run, the floors on the same servers",
        ("figure", "measured", "asked", ""),
        (_row(name, value) for name, value in sorted(figures.items())),
    )
    for section in found.values():
        for name, why in section.skipped.items():
            warn(f"skipped {name}: {why}")
    say(f"written to {report.REPORT}; the figures of other sections are those of their last run")
    return 0


def wanted() -> tuple[str, ...] | None:
    """The sections to run; None: list them."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="default: all but those on demand")
    parser.add_argument("--list", action="store_true", help="list the sections")
    given = parser.parse_args()
    if unknown := sorted(set(given.sections) - set(SECTIONS)):
        parser.error(f"no such section: {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    if given.list:
        return None
    return tuple(given.sections) or tuple(name for name in SECTIONS if name not in ON_DEMAND)


def _row(name: str, value: float) -> tuple[str, str, str, str]:
    if name not in TARGETS:
        return name, f"{value:.2f}", "", ""
    how, asked = TARGETS[name]
    met = value >= asked if how == "at least" else value <= asked
    return name, f"{value:.2f}", f"{how} {asked}", "reached" if met else "missed"


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # See worker.py: the SDK's threads may crash an interpreter that exits in the ordinary way.
    os._exit(code)
