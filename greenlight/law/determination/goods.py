"""Findings of the tables on one item for one destination (15 CFR 738.4)."""

from collections.abc import Iterator
from functools import lru_cache

from greenlight.kernel.unknown import both, some
from greenlight.law.determination.footnotes import EAR99, Effect, clause_for
from greenlight.law.determination.reason import Reason, effect_of
from greenlight.law.determination.scope import Path, path_of, within
from greenlight.law.determination.tables import Control, Destination, Entry, Tables

EMBARGO = 6
"""The General Prohibition on embargoed destinations (15 CFR 736.2(b)(6))."""


@lru_cache(maxsize=8_192)
def reasons(
    tables: Tables, classification: str, subparagraph: str | None, destination: str, region: bool | None
) -> tuple[Reason, ...]:
    """``region``: whether the item is for an occupied region of the destination."""
    place = tables.destination(destination)
    item = f"{classification}{subparagraph or ''}"
    path = path_of(subparagraph)
    return (
        *_destination(place, destination, item, tables),
        *_entry(tables, classification, path, place, item),
        *_footnotes(place, classification, path, item, region, tables),
    )


def _destination(place: Destination, code: str, item: str, tables: Tables) -> Iterator[Reason]:
    if place.pointer:
        yield Reason(
            effect="open",
            kind="embargo",
            text=f"{place.row}: {place.pointer} No X in its row means nothing.",
            citation=f"15 CFR 736.2(b)(6); {tables.sources.chart}",
            item=item,
            prohibition=EMBARGO,
        )
    elif place.row is None:
        yield Reason(
            effect="open",
            kind="embargo",
            text=f"{code} has no row in the chart, and is read from no other's: nothing is known of it",
            citation=f"15 CFR 738.3(b); {tables.sources.chart}",
            item=item,
        )


def _entry(
    tables: Tables, classification: str, path: Path, place: Destination, item: str
) -> Iterator[Reason]:
    if classification == EAR99:
        text = "EAR99 is on no entry of the Commerce Control List, so no control applies"
        yield Reason(effect="clear", kind="control", text=text, citation="15 CFR 734.3(c)", item=item)
        return
    entry = tables.entries.get(classification)
    if entry is None:
        text = f"{classification} is no entry of the Commerce Control List of {tables.issued}"
        yield _about(tables, item, text)
        return
    yield from _worldwide(tables, classification, path, item)
    yield from (_control(tables, control, path, place, item) for control in entry.controls)
    yield from _gaps(tables, entry, path, item)


def _gaps(tables: Tables, entry: Entry, path: Path, item: str) -> Iterator[Reason]:
    """Add what stays open where an entry says less than one has to know."""
    if not entry.controls:
        text = f"{entry.eccn} states no control in the table of its license requirements: {entry.heading}"
        yield _about(tables, item, text)
    elif not some(control.scope.applies(path) for control in entry.controls):
        yield _about(tables, item, f"No control of {entry.eccn} is printed that is certain to be for {item}")
    if entry.controls and entry.unborne:
        named = ", ".join(entry.unborne)
        yield _about(tables, item, f"{entry.eccn} names as reasons {named}, and states no control for them")


def _about(tables: Tables, item: str, text: str) -> Reason:
    return Reason(effect="open", kind="control", text=text, citation=tables.sources.controls, item=item)


def _worldwide(tables: Tables, classification: str, path: Path, item: str) -> Iterator[Reason]:
    for each in tables.worldwide.get(classification, ()):
        inside = within(path, each.path)
        if inside is False:
            continue
        but = "but GOV " if each.government else ""
        yield Reason(
            effect=effect_of(inside),
            kind="control",
            text=f"A license is required for all destinations; no License Exception {but}applies",
            citation="15 CFR 738.3(a)(1), 740.2(a)(3)",
            item=item,
            no_exception=not each.government,
            only_exception="GOV" if each.government else None,
        )


def _control(tables: Tables, control: Control, path: Path, place: Destination, item: str) -> Reason:
    applies, needed = control.scope.applies(path), control.requirement.needs(place)
    effect = effect_of(both(applies, needed))
    cells = tuple(_cell(column, place) for column in control.requirement.columns)
    where = place.row or place.code
    if applies is False:
        text = f"{control.reason}: not for {item}"
    elif needed is False:
        text = f"{control.reason}: not for {where}"
    elif effect == "required":
        text = f"{control.reason}: a license is required for {where}"
    else:
        text = f"{control.reason}: {_why_open(control, applies, needed, item, where)}"
    return Reason(
        effect=effect,
        kind="control",
        text=text,
        citation=f"15 CFR 738.4(a); {tables.sources.controls}" if cells else tables.sources.controls,
        item=item,
        control=control.text,
        refers=control.refers,
        cells=cells,
    )


def _cell(column: str, place: Destination) -> str:
    if place.marks is None:
        return f"{column}: no row"
    return f"{column}: {'X' if column in place.marks else '–'}"


def _why_open(control: Control, applies: bool | None, needed: bool | None, item: str, where: str) -> str:
    asked: list[str] = []
    if applies is None:
        asked.append(f"whether it is for {item}")
    if needed is None:
        asked.append(f"whether it is for {where}")
    return f"the tables do not say {' and '.join(asked)}"


def _footnotes(
    place: Destination,
    classification: str,
    path: Path,
    item: str,
    region: bool | None,
    tables: Tables,
) -> Iterator[Reason]:
    for footnote in place.footnotes:
        clause = clause_for(footnote.reading, classification)
        if clause is None:
            continue
        required = {Effect.REQUIRED: True, Effect.OPEN: None, Effect.REGION: region}[clause.effect]
        if clause.effect is Effect.REGION and region:
            # Food and medicine, and some software, are excepted from it: that is not known of an item.
            required = None if item in {EAR99, "5D992", "5D992.c"} else True
        yield Reason(
            effect=effect_of(both(clause.scope.applies(path), required)),
            kind="footnote",
            text=f"Footnote {footnote.number} to {place.row}: {footnote.text}",
            citation=tables.sources.chart,
            item=item,
            prohibition=EMBARGO if clause.effect is Effect.REGION else None,
        )
