"""The report to Congress as PDF. The same report gives the same bytes, as with letters."""

from collections.abc import Iterable
from typing import Final

from pydantic import JsonValue
from typst import TypstError

from greenlight.kernel.canonical import canonical
from greenlight.kernel.legible import legible
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.congress import CITATION, CONFIDENTIAL
from greenlight.law.reported import Check, Covered, ListedAs, Place, Report, ReportedItem, Row
from greenlight.law.sources import BY_SLUG
from greenlight.letters.press import Show, press, printed, shown
from greenlight.letters.render import RenderError
from greenlight.letters.words import Sum, amount, breakable, day_in_words, instant_in_words

_TEMPLATE: Final = '#include "reports/congress.typ"'


def pdf(report: Report) -> bytes:
    """The report on paper: the aggregates, and the rows where it has them.

    :raises RenderError: an error of the template; no second try mends it.
    """
    content = _content(report)

    def made(show: Show) -> bytes:
        told = shown(content, lambda text: show(breakable(legible(text))))
        # The document's date is that of the report: no clock.
        dated = agency_date(report.known_at).isoformat()
        return press(_TEMPLATE, "pdf", {"content": canonical(told).decode(), "date": dated})[0]

    try:
        return printed(made)
    except TypstError as error:
        raise RenderError(f"the report of {report.year}: {error.message}") from error


def _content(report: Report) -> JsonValue:
    counts = report.aggregates
    return {
        "year": str(report.year),
        "citation": CITATION,
        "confidential": CONFIDENTIAL if report.rows is not None else None,
        "known": instant_in_words(report.known_at),
        "log": report.log,
        "position": str(report.position),
        "tables": day_in_words(report.tables_of),
        "aggregates": [
            ["Applications", str(counts.applications)],
            *([name.capitalize(), str(number)] for name, number in counts.by_decision.items()),
            *([f"On the {BY_SLUG[slug].title}", str(number)] for slug, number in counts.by_list.items()),
            *([f"In {country}", str(number)] for country, number in counts.by_country.items()),
            ["Licenses", str(counts.licenses)],
            ["Licenses whose party was listed after the grant", str(counts.listed_after)],
            ["Pre-license checks", str(counts.checks)],
            ["Not known whether they belong here", str(counts.unsettled + counts.listed_after_unsettled)],
            ["Value", value_in_words(report)],
        ],
        "rows": [_row(row) for row in report.rows or ()],
        "authorisations": [_row(row) for row in report.authorisations or ()],
    }


def value_in_words(report: Report) -> str:
    """The value in dollars that is public."""
    cents = report.aggregates.value_usd_cents
    return "not public" if cents is None else amount(Sum(minor_units=cents, currency="USD"))


def check_in_words(check: Check) -> str:
    """From when until when a check went on."""
    begun = f"from {day_in_words(check.begun)}"
    return f"{begun}, going on" if check.ended is None else f"{begun} to {day_in_words(check.ended)}"


def _row(row: Row) -> JsonValue:
    return {
        "acn": row.acn,
        "applicant": row.applicant,
        "facts": [
            ["Listed party", _lines(map(listed_in_words, row.covered))],
            ["End user", _lines(map(place_in_words, row.end_users))],
            ["Value", _lines(amount(Sum(**dict(value))) for value in row.values)],
            ["Submitted", day_in_words(row.submitted)],
            ["Decision", decision_in_words(row)],
            *([["Valid through", day_in_words(row.valid_through)]] if row.valid_through else []),
            *([["Pre-license checks", _lines(map(check_in_words, row.checks))]] if row.checks else []),
        ],
        "items": [
            [str(item.line), item.description, item.classification, reasons_in_words(item)]
            for item in row.items
        ],
        "evidence": [
            [str(each.event), each.type, str(each.position), each.leaf or "–"] for each in row.evidence
        ],
    }


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def place_in_words(place: Place) -> str:
    """``Skerry Mobile, 1 Quay, Lutz (FI)``; the address where one is filed."""
    return f"{', '.join((place.name, *(place.address or '').splitlines()))} ({place.country})"


def listed_in_words(party: Covered) -> str:
    """The party and the lists that it is on, each once with where its entries were published."""
    cited: dict[str, list[str]] = {}
    for each in party.listings:
        cited.setdefault(each.source_list, []).append(f"{each.citation}{_since(each)}")
    lists = (f"{BY_SLUG[slug].title} ({'; '.join(dict.fromkeys(each))})" for slug, each in cited.items())
    return f"{place_in_words(party)}, {party.role.replace('_', ' ')}: {', '.join(lists)}"


def _since(entry: ListedAs) -> str:
    if entry.since is None:
        return ""
    return f", listed since {day_in_words(entry.since)}, after the grant (list {entry.list_version})"


def since_in_words(party: Covered) -> str:
    """The days on which a party was listed after the grant; nothing where it was before."""
    days = dict.fromkeys(each.since.isoformat() for each in party.listings if each.since)
    return ", ".join(f"{day}, after the grant" for day in days)


def reasons_in_words(item: ReportedItem) -> str:
    """``AT, NS``; those that may apply with a question mark."""
    if item.reasons is None:
        return "its ECCN is on no entry of the tables"
    return ", ".join((*item.reasons, *(f"{each}?" for each in item.reasons_open or ()))) or "none"


def decision_in_words(row: Row) -> str:
    if row.decision is None or row.decided is None:
        return "pending"
    under = f", license {row.license_number}" if row.license_number else ""
    return f"{row.decision} on {day_in_words(row.decided)}{under}"
