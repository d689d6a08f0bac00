"""A draft policy, rehearsed: over a recorded past, and over futures at random."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Json
from cli.output import err, fail, out, print_json, print_table, words
from cli.policy import PolicyName, load
from cli.reference import history
from cli.session import USAGE
from licensing.time.calendar import agency_date, last_day, plain_date

if TYPE_CHECKING:
    from pydantic import JsonValue

    from cli.futures import Sum
    from cli.reference import History
    from licensing.commit import Event
    from licensing.reprieve.account import Account
    from licensing.reprieve.policy import Policy
    from licensing.reprieve.rehearsal import Life
    from licensing.reprieve.versions import Interval


def add_to(app: typer.Typer) -> None:
    app.command("try")(try_)


def try_(
    name: PolicyName,
    against: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="Recorded reprieve to live through again.")
    ] = "huawei",
    futures: Annotated[int, typer.Option(min=0, help="Random futures to try as well.")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed draws the same futures.")] = 1,
    years: Annotated[int, typer.Option(min=1, max=40, help="How long a future is.")] = 5,
    future: Annotated[
        int | None, typer.Option(min=0, metavar="NUMBER", help="Tell this one future in full instead.")
    ] = None,
    json: Json = False,
) -> None:
    """Rehearse a policy: what it would have decided, and when, and which days would have had no cover.

    The past is lived through with the facts as they were known at each date; nobody but the policy decides.
    A future begins with the past's first term and facts. Then facts change at random among the values that
    the table tells apart, evidence grows old, the service is down at times, and the executive may answer
    what is referred.

    Example: starter.py policy try draft.json --against huawei --futures 10000 --seed 7
    """
    policy, past = load(name), history(against)
    if future is not None:
        _print_future(policy, past.life(), future, seed, years, json=json)
        return
    happened, drafted, events = _lived(policy, past)
    tried = _futures(policy, past.life(), futures, seed, years) if futures else None
    if json:
        life = past.life()
        print_json(
            {
                "policy": policy.table.id,
                "version": policy.version,
                "against": past.file.key,
                "happened": _document(happened, life),
                "draft": _document(drafted, life),
                "same": happened.terms == drafted.terms,
                "futures": tried.model_dump(mode="json") if tried else None,
            }
        )
        return
    _print_past(policy, past, (happened, drafted), events)
    if tried is not None:
        _print_sum(tried)


def _lived(policy: "Policy", past: "History") -> "tuple[Account, Account, tuple[Event, ...]]":
    from licensing.reprieve.account import account
    from licensing.reprieve.rehearsal import UnsoundLifeError, rehearse

    life = past.life()
    try:
        events = rehearse(policy, life)
    except UnsoundLifeError as error:
        raise fail(USAGE, f"--against {past.file.key}: {error}") from None
    return account(past.events(), life.until), account(events, life.until), events


def _futures(policy: "Policy", life: "Life", futures: int, seed: int, years: int) -> "Sum":
    from rich.progress import Progress

    from cli.futures import Tried, summed, tried

    found: list[Tried] = []
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Trying futures", total=futures)
        for portion in tried(policy, life, futures, seed, years):
            found += portion
            progress.update(task, completed=len(found))
    return summed(policy, found, seed, years)


def _print_past(
    policy: "Policy", past: "History", both: "tuple[Account, Account]", events: "tuple[Event, ...]"
) -> None:
    life, (happened, drafted) = past.life(), both
    records = [f"{term.citation}: {term.reason}" for term in past.file.terms]
    rows = _rows_of(events)
    count = max(len(happened.terms), len(drafted.terms))
    print_table(
        f"{past.file.title}, and the same under {policy.table.id}",
        ("term", "happened", "by", "draft", "by row", ""),
        (
            (
                str(at + 1),
                _span(happened, at),
                records[at] if at < len(records) else "–",
                _span(drafted, at),
                rows[at] if at < len(rows) else "–",
                "" if _at(happened, at) == _at(drafted, at) else "other",
            )
            for at in range(count)
        ),
    )
    _print_decisions(drafted)
    for title, one in (("What happened", happened), ("The draft", drafted)):
        ended = f"; {words(one.ending)} on {plain_date(last_day(one.over))}" if one.ending else ""
        out.print(f"{title}: {_no_cover(one.uncovered(life.begins, life.until))}{ended}")
    same = "The draft comes to the same terms." if happened.terms == drafted.terms else "The terms differ."
    out.print(f"[bold]{same}[/]")


def _print_decisions(found: "Account") -> None:
    print_table(
        "What it would have decided",
        ("due", "decided", "outcome", "by row"),
        (
            (
                plain_date(agency_date(each.due)),
                "in time" if each.at == each.due else f"late, on {plain_date(agency_date(each.at))}",
                words(each.outcome),
                each.row or "none fired",
            )
            for each in found.decisions
        ),
    )


def _print_sum(tried: "Sum") -> None:
    endings = ", ".join(f"{words(name)} {count}" for name, count in sorted(tried.endings.items()))
    out.print(f"\n[bold]{tried.futures} futures of {tried.years} years, seed {tried.seed}[/]: {endings};")
    out.print(f"half of them last {tried.median_days} days or more.")
    out.print(
        f"{tried.terms} terms, {tried.decisions} decisions, of these {tried.late} late and "
        f"{tried.referred} referred. {tried.with_gaps} futures have days without cover between two terms, "
        f"{tried.gap_days} in all."
    )
    if tried.worst is not None:
        how = f"--seed {tried.seed} --future {tried.worst.number}"
        out.print(f"The worst has {tried.worst.gap_days} such days: {how}")
    print_table(
        "Rows by how often they decided",
        ("row", "decided"),
        ((row, str(count) if count else "[yellow]never[/]") for row, count in tried.rows.items()),
    )


def _print_future(policy: "Policy", past: "Life", number: int, seed: int, years: int, *, json: bool) -> None:
    from cli.futures import drawn
    from licensing.reprieve.account import account
    from licensing.reprieve.futures import Imagination
    from licensing.reprieve.rehearsal import rehearse

    life = drawn(Imagination(policy, past, years), seed, number)
    events = rehearse(policy, life)
    found, rows = account(events, life.until), _rows_of(events)
    if json:
        print_json(_document(found, life))
        return
    print_table(
        f"Future {number} of seed {seed}",
        ("term", "runs", "by row"),
        ((str(at + 1), _span(found, at), rows[at]) for at in range(len(found.terms))),
    )
    _print_decisions(found)
    for begin, end in life.down:
        out.print(f"The service was down from {plain_date(agency_date(begin))} for {_hours(end - begin)}")
    out.print(f"Until its end: {_no_cover(found.uncovered(life.begins, min(found.over, life.until)))}")


def _rows_of(events: "Iterable[Event]") -> list[str]:
    """For each term the row by which it was issued, or by whom."""
    from licensing.reprieve.events import DecisionMade, TermIssued

    made: dict[int, str] = {}
    found: list[str] = []
    for event in events:
        match event:
            case DecisionMade():
                made[event.number] = event.evaluation.row or "none fired"
            case TermIssued(decision=None):
                found.append("the executive")
            case TermIssued(decision=int(number)):
                found.append(made[number] if event.by is None else f"the executive, after {made[number]}")
            case _:
                pass
    return found


def _at(found: "Account", at: int) -> "Interval | None":
    return found.terms[at] if at < len(found.terms) else None


def _span(found: "Account", at: int) -> str:
    interval = _at(found, at)
    if interval is None:
        return "–"
    begin, end = interval
    return f"{_moment(begin)} – {plain_date(last_day(end))}"


def _moment(at: datetime) -> str:
    """The day, and the time where it is not its beginning."""
    day = agency_date(at)
    return (
        plain_date(day) if agency_date(at - timedelta(microseconds=1)) < day else f"{plain_date(day)}, later"
    )


def _no_cover(intervals: "Iterable[Interval]") -> str:
    told = [(agency_date(begin), last_day(end)) for begin, end in intervals]
    count = sum((last - first).days + 1 for first, last in told)
    spans = ", ".join(_days(first, last) for first, last in told)
    return f"no cover on {count} {'day' if count == 1 else 'days'}: {spans}" if told else "cover on every day"


def _days(first: date, last: date) -> str:
    return plain_date(first) if first == last else f"{plain_date(first)} – {plain_date(last)}"


def _hours(lasted: timedelta) -> str:
    return f"{round(lasted.total_seconds() / 3600)} hours"


def _document(found: "Account", life: "Life") -> "JsonValue":
    from licensing.reprieve.account import days

    return {
        "terms": [
            {"effective": begin.isoformat(), "valid_through": last_day(end).isoformat()}
            for begin, end in found.terms
        ],
        "decisions": [
            {
                "due": each.due.isoformat(),
                "made": each.at.isoformat(),
                "outcome": each.outcome,
                "row": each.row,
            }
            for each in found.decisions
        ],
        "uncovered": [day.isoformat() for day in days(found.uncovered(life.begins, life.until))],
        "ending": found.ending,
    }
