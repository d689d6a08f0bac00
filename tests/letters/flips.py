"""What officers are told of a sample instant, ordinary and long, from the events of its moment."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from greenlight.kernel.commit import Event
from greenlight.kernel.streams import moment_stream
from greenlight.law.application.flip.said import Said, Turn
from greenlight.law.letter import LetterKind
from greenlight.law.moment.commands import MOST
from greenlight.law.moment.events import MomentCame, MomentProgressed, OfficerTold
from greenlight.law.moment.state import key_of
from greenlight.law.moment.told import Flipped, Told, together
from greenlight.law.outlook.coming import Coming, Kind
from greenlight.law.outlook.tally import Tally
from greenlight.law.rule.acts import Certainty
from greenlight.letters.compose import compose
from greenlight.letters.content import Letter, Step
from greenlight.letters.officers import Register

AT = datetime(2026, 11, 10, 5, tzinfo=UTC)
STREAM = moment_stream(key_of(AT))
COMING = Coming(
    at=AT,
    kind=Kind.RULE,
    key="affiliates",
    text="Affiliates Rule: it is in force again, as the law was last seen: the suspension ran out",
    citation="90 FR 47201, 90 FR 50857",
    certainty=Certainty.UNVERIFIED,
    settled_by="a notice that extends 90 FR 50857 past 9 Nov 2026, or the attestation that there is none",
)
ENTRY = Coming(at=AT, kind=Kind.ENTRY, key="skerry", text="Entry skerry counts", citation="91 FR 1")


def flipped(stream: str, *countries: str, before: Said, after: Said) -> Flipped:
    turns = tuple(Turn(destination=country, before=before, after=after) for country in countries)
    return Flipped.of(stream, turns)


def moment(
    *cases: Flipped, officers: Iterable[str | None], coming: tuple[Coming, ...] = (ENTRY,)
) -> tuple[Event, ...]:
    """The events of a moment that gave another answer to the cases of each officer."""
    told = together(Told.of(officer, cases) for officer in officers)
    return (
        MomentCame(at=AT, instant=AT, coming=coming, pending=9),
        MomentProgressed(
            at=AT,
            cursor=None,
            last=True,
            cases=sum(each.cases for each in told),
            applications=Tally(flips=sum(each.applications for each in told)),
            licenses=Tally(flips=sum(each.licenses for each in told)),
            failed=(),
            told=told,
        ),
        *(OfficerTold(at=AT, officer=each.officer) for each in told),
    )


def notice(
    officer: str | None,
    *cases: Flipped,
    coming: tuple[Coming, ...] = (ENTRY,),
    register: Register | None = None,
) -> Letter:
    """The letter to an officer; another one has these cases, too, and is told of them before."""
    events = moment(*cases, officers=("another", officer), coming=coming)
    records = tuple(event.record() for event in events)
    step = Step(stream=STREAM, version=len(records), kind=LetterKind.NOTICE_OF_FLIPS)
    return compose(step, records, register=register or {})


CASES = (
    flipped("application-A000123", "NO", before=Said.NOT_REQUIRED, after=Said.REQUIRED),
    flipped("application-A000200", "CN", "FI", "NO", before=Said.REPRIEVE, after=Said.REQUIRED),
    flipped("license-D000001", "FI", before=Said.REQUIRED, after=Said.OPEN),
)


def of_many() -> Iterable[Flipped]:
    return (
        flipped(f"application-A{n:06}", "NO", before=Said.NOT_REQUIRED, after=Said.GENERAL_LICENSE)
        for n in range(10_000)
    )


ORDINARY: Mapping[str, Callable[[], Letter]] = {
    "notice_of_flips": lambda: notice("olga", *CASES, coming=(COMING, ENTRY)),
    "notice_of_flips_of_nobody": lambda: notice(None, CASES[0]),
}

LONG: Mapping[str, Callable[[], Letter]] = {
    "long_notice_of_flips": lambda: notice(
        "olga", *of_many(), coming=tuple(COMING.model_copy(update={"key": f"r{n}"}) for n in range(MOST))
    ),
}
