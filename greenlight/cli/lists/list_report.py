"""Report on a file of the list at the command line."""

from collections import defaultdict
from typing import TYPE_CHECKING

from pydantic import JsonValue

from greenlight.cli.base.output import print_facts, print_table, say, warn
from greenlight.law.screening_list.content import ListContent

if TYPE_CHECKING:
    from greenlight.lists.difference import Difference
    from greenlight.lists.read import Reading, Taken
    from greenlight.screening.book import Listing

MANY = 40
"""Entries or problems that are shown to people; programs get all."""
EXAMPLES = 3
"""Of each form."""


def report(found: "Reading") -> dict[str, JsonValue]:
    return {
        "digest": found.book.version,
        "rows": found.rows,
        "entries": len(found.book.listings),
        "bad_rows": found.bad_rows,
        "lists": dict(found.counts),
        "forms": dict(found.forms),
        "taken": [
            {"line": each.line, "column": each.column, "form": each.form, "what": each.what}
            for each in found.taken
        ],
        "problems": [
            {"line": each.line, "column": each.column, "what": each.what, "row_lost": each.row_lost}
            for each in found.problems
        ],
    }


def print_report(found: "Reading", *, examples: bool = False) -> None:
    say(
        f"{found.rows} rows: {len(found.book.listings)} entries, {found.bad_rows} bad rows,"
        f" {len(found.problems) - found.bad_rows} values left out"
    )
    print_facts({slug: str(count) for slug, count in found.counts.items()})
    _print_forms(found, examples=examples)
    for problem in found.problems[:MANY]:
        warn(str(problem))
    print_more(len(found.problems))


def print_content(content: ListContent) -> None:
    print_facts({"Digest": content.digest, **{slug: str(count) for slug, count in content.lists.items()}})
    compared = "the version before" if content.compared_with else "nothing"
    changed = f"{content.changed} changed, {content.renamed} of them renamed"
    say(f"Against {compared}: {content.added} added, {content.removed} removed, {changed}")


def print_more(number: int) -> None:
    if number > MANY:
        warn(f"… and {number - MANY} more: --json shows all")


def _print_forms(found: "Reading", *, examples: bool) -> None:
    """Print what was taken off names, by form, and where it stood."""
    if not found.taken:
        return
    say(f"Of {len(found.taken)} names more was read than a name, in these forms:")
    by_form: defaultdict[str, list[Taken]] = defaultdict(list)
    for each in found.taken:
        by_form[each.form].append(each)
    for form, number in found.forms.items():
        say(f"{number:6} {form}")
        for each in by_form[form][:EXAMPLES] if examples else ():
            say(f"       line {each.line}, {each.column}: {each.what[:200]}")


def differences(found: "Difference") -> dict[str, JsonValue]:
    return {
        "added": [_entry(each) for each in found.added],
        "removed": [_entry(each) for each in found.removed],
        "changed": [
            {
                "key": each.after.key,
                "name": each.after.name,
                "what": {
                    name: {
                        "before": each.before.model_dump(mode="json")[name],
                        "after": each.after.model_dump(mode="json")[name],
                    }
                    for name in each.what
                },
            }
            for each in found.changed
        ],
    }


def _entry(listing: "Listing") -> JsonValue:
    return {"key": listing.key, "name": listing.name, "list": listing.source_list}


def print_difference(found: "Difference") -> None:
    rows = [
        *(("added", each.key, each.name, "") for each in found.added),
        *(("removed", each.key, each.name, "") for each in found.removed),
        *(("changed", each.after.key, each.after.name, ", ".join(each.what)) for each in found.changed),
    ]
    title = f"{len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed"
    print_table(title, ("", "key", "name", "what"), rows[:MANY])
    print_more(len(rows))
