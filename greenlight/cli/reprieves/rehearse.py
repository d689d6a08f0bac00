"""A draft policy, rehearsed: over a recorded past, and over futures at random."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json
from greenlight.cli.base.output import bold, doubtful, fail, print_json, print_table, progress, say, words
from greenlight.cli.base.session import USAGE
from greenlight.cli.reprieves.policy import PolicyName, app, load
from greenlight.cli.reprieves.reference import history
from greenlight.kernel.time.calendar import agency_date, last_day, plain_date

if TYPE_CHECKING:
    from pydantic import JsonValue

    from greenlight.cli.reprieves.futures import Sum
    from greenlight.cli.reprieves.reference import History
    from greenlight.kernel.commit import Event
    from greenlight.law.reprieve.policy import Policy
    from greenlight.law.reprieve.simulation.account import Account
    from greenlight.law.reprieve.simulation.futures import Chances
    from greenlight.law.reprieve.simulation.rehearsal import Life
    from greenlight.law.terms.spans import Interval


@app.command("try")
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
    beside: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="Another policy, say the one in force, to show beside it."),
    ] = None,
    confirmed: Annotated[
        float, typer.Option(min=0, max=1, help="Chance that an executive confirms what is proposed.")
    ] = 0.1,
    replaced: Annotated[float, typer.Option(min=0, max=1, help="Chance that one replaces it.")] = 0.05,
    stopped: Annotated[float, typer.Option(min=0, max=1, help="Chance that one stops it.")] = 0.02,
    json: Json = False,
) -> None:
    """Rehearse a policy: what it would have decided, and when, and which days would have had no cover.

    The past is lived through with the facts as they were known at each date; nobody but the policy decides.
    A future begins with the past's first term and facts. Then facts change at random among the values that
    the table tells apart, evidence grows old, the service is down at times, and the executive may answer
    what is referred, and confirm, replace or stop what is proposed.

    Example: starter.py policy try draft.json --against huawei --futures 10000 --seed 7
    """
    policy, past, chances = load(name), history(against), _chances(confirmed, replaced, stopped)
    if future is not None:
        _print_future(policy, past.life(), future, seed, years, chances, json=json)
        return
    drafted = _lived(policy, past, "The draft")
    other = _lived(load(beside), past, "The one beside it") if beside is not None else None
    tried = _futures(policy, past.life(), futures, seed, years, chances) if futures else None
    _print_tried(past, drafted, other, tried, chances, json=json)


def _print_tried(
    past: "History",
    drafted: "_Lived",
    other: "_Lived | None",
    tried: "Sum | None",
    chances: "Chances",
    *,
    json: bool,
) -> None:
    happened, policy = _happened(past), drafted.policy
    if json:
        life = past.life()
        print_json(
            {
                "policy": policy.table.id,
                "version": policy.version,
                "against": past.file.key,
                "happened": _document(happened, life),
                "draft": _document(drafted.account, life),
                "beside": _beside(other, life) if other else None,
                "same": happened.terms == drafted.account.terms,
                "futures": tried.model_dump(mode="json") if tried else None,
            }
        )
        return
    _print_past(past, happened, (drafted, other) if other else (drafted,))
    if tried is not None:
        _print_sum(tried, chances)


@dataclass(frozen=True, slots=True)
class _Lived:
    """The past under a policy, which is told by ``name``."""

    name: str
    policy: "Policy"
    account: "Account"
    rows: list[str]


def _chances(confirmed: float, replaced: float, stopped: float) -> "Chances":
    from greenlight.law.reprieve.simulation.futures import Chances

    try:
        return Chances(confirmed, replaced, stopped)
    except ValueError as error:
        raise fail(USAGE, f"--confirmed, --replaced, --stopped: {error}") from None


def _happened(past: "History") -> "Account":
    from greenlight.law.reprieve.simulation.account import account

    return account(past.events(), past.life().until)


def _lived(policy: "Policy", past: "History", name: str) -> _Lived:
    from greenlight.law.reprieve.simulation.account import account
    from greenlight.law.reprieve.simulation.rehearsal import UnsoundLifeError, rehearse

    life = past.life()
    try:
        events = rehearse(policy, life)
    except UnsoundLifeError as error:
        raise fail(USAGE, f"{policy.table.id} against {past.file.key}: {error}") from None
    return _Lived(name, policy, account(events, life.until), _rows_of(events))


def _beside(other: _Lived, life: "Life") -> "JsonValue":
    return {
        "policy": other.policy.table.id,
        "version": other.policy.version,
        "lived": _document(other.account, life),
    }


def _futures(
    policy: "Policy", life: "Life", futures: int, seed: int, years: int, chances: "Chances"
) -> "Sum":
    from greenlight.cli.reprieves.futures import Tried, summed, tried

    found: list[Tried] = []
    with progress("Trying futures", futures) as steps:
        for portion in tried(policy, life, futures, seed, years, chances):
            found += portion
            steps.at(len(found))
    return summed(policy, found, seed, years)


def _print_past(past: "History", happened: "Account", lived: "tuple[_Lived, ...]") -> None:
    life = past.life()
    records = [f"{term.citation}: {term.reason}" for term in past.file.terms]
    accounts = [happened, *(each.account for each in lived)]
    names = ["draft", "beside"][: len(lived)]
    under = " and ".join(each.policy.table.id for each in lived)
    print_table(
        f"{past.file.title}, and the same under {under}",
        ("term", "happened", "by", *(title for name in names for title in (name, "by row")), ""),
        (
            (
                str(at + 1),
                _span(happened, at),
                records[at] if at < len(records) else "–",
                *(
                    cell
                    for each in lived
                    for cell in (_span(each.account, at), each.rows[at] if at < len(each.rows) else "–")
                ),
                "" if len({_at(account, at) for account in accounts}) == 1 else "other",
            )
            for at in range(max(len(account.terms) for account in accounts))
        ),
    )
    for each in lived:
        _print_decisions(each.account, f"{each.name}, {each.policy.table.id}: what it would have decided")
    for title, one in (("What happened", happened), *((each.name, each.account) for each in lived)):
        ended = f"; {words(one.ending)} on {plain_date(last_day(one.over))}" if one.ending else ""
        say(f"{title}: {_no_cover(one.uncovered(life.begins, life.until))}{ended}")
    for each in lived:
        same = "comes to the same terms" if happened.terms == each.account.terms else "comes to other terms"
        say(bold(f"{each.name} {same}."))


def _print_decisions(found: "Account", title: str = "What it would have decided") -> None:
    print_table(
        title,
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


def _print_sum(tried: "Sum", chances: "Chances") -> None:
    endings = ", ".join(f"{words(name)} {count}" for name, count in sorted(tried.endings.items()))
    say()
    say(bold(f"{tried.futures} futures of {tried.years} years, seed {tried.seed}"), f": {endings};")
    say(f"half of them last {tried.median_days} days or more.")
    say(
        f"{tried.terms} terms, {tried.decisions} decisions, of these {tried.late} late and "
        f"{tried.referred} referred. {tried.with_gaps} futures have days without cover between two terms, "
        f"{tried.gap_days} in all."
    )
    if tried.worst is not None:
        how = f"--seed {tried.seed} --years {tried.years} --future {tried.worst.number}"
        how += f" --confirmed {chances.confirm} --replaced {chances.replace} --stopped {chances.stop}"
        say(f"The worst has {tried.worst.gap_days} such days: {how}")
    print_table(
        "Rows by how often they decided",
        ("row", "decided"),
        ((row, str(count) if count else doubtful("never")) for row, count in tried.rows.items()),
    )


def _print_future(
    policy: "Policy",
    past: "Life",
    number: int,
    seed: int,
    years: int,
    chances: "Chances",
    *,
    json: bool,
) -> None:
    from greenlight.cli.reprieves.futures import drawn
    from greenlight.law.reprieve.simulation.account import account
    from greenlight.law.reprieve.simulation.futures import Imagination
    from greenlight.law.reprieve.simulation.rehearsal import rehearse

    life = drawn(Imagination(policy, past, years, chances), seed, number)
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
        say(f"The service was down from {plain_date(agency_date(begin))} for {_hours(end - begin)}")
    say(f"Until its end: {_no_cover(found.uncovered(life.begins, min(found.over, life.until)))}")


def _rows_of(events: "Iterable[Event]") -> list[str]:
    """For each term the row by which it was issued, or by whom."""
    from greenlight.law.reprieve.events import DecisionMade, TermIssued

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
    from greenlight.law.reprieve.simulation.account import days

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
