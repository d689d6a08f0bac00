"""From the events of a rule to what its notices say: what two officers attested, and the end of an act."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, TypedDict

from greenlight.kernel.time.calendar import agency_date, last_day, start_of_day
from greenlight.law.rule.acts import (
    Act,
    Affiliates,
    Entries,
    GeneralLicense,
    Governed,
    OnList,
    Places,
    Printed,
    Reviewed,
)
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.events import (
    ActAttested,
    ActEnded,
    AttestationConfirmed,
    AttestationTakenBack,
    EndDecided,
    EndNeared,
    RuleOpened,
)
from greenlight.law.rule.policy import EXTENDED, POLICIES, SETTLED, PolicyName
from greenlight.law.rule.standing import UNKNOWN, Segment, Standing
from greenlight.law.rule.state import RuleState, attested
from greenlight.law.sources import BY_SLUG
from greenlight.law.sources import UNKNOWN as UNKNOWN_LIST
from greenlight.law.terms.deciding import LAPSE
from greenlight.law.terms.spans import BEGINNING
from greenlight.letters.basis import Basis, Head
from greenlight.letters.compose_memorandum import decided
from greenlight.letters.content import Records, Step
from greenlight.letters.notices import (
    ActLine,
    Change,
    MemorandumOfAct,
    Notice,
    NoticeBeforeEnd,
    NoticeOfAttestation,
    NoticeOfEndOfAct,
    differing,
)
from greenlight.letters.officers import Officers
from greenlight.letters.words import SOURCES, day_in_words, instant_in_words

_OUTCOMES: Final[Mapping[str, str]] = {
    EXTENDED: "Extended by an act on record",
    SETTLED: "Settled by an act on record",
    LAPSE: "Lapsed: nothing on record follows",
}
_REFERRED: Final = "Referred to the licensing officers"
_FEW: Final = 20
"""So many entries or countries are named, and the others counted."""


def compose(step: Step, records: Records, officers: Officers) -> Notice | None:
    """The notice of the last of ``records``, which are all of the rule's up to it; None: nothing is known of
    that."""
    basis = _Basis(RULE, step, records, officers)
    match basis.event:
        case AttestationConfirmed() as event:
            return _attestation(basis, event)
        case EndNeared() as event:
            return _nears(basis, event)
        case ActEnded() as event:
            return _ended(basis, event)
        case EndDecided() as event:
            return _decision(basis, event)
        case _:
            return None


class _Stands(TypedDict):
    """Give how a rule stands from an instant on, and what would decide it where that is open."""

    standing: str
    settled_by: str | None


class _Basis(Basis[RuleState]):
    """With the acts as they are attested, and how the rule stands by them."""

    def act(self, number: int) -> ActLine:
        acts = (each.act for each in self.before.attestations if each.number == number)
        return next(_line(number, act) for act in acts if act is not None)

    def stands(self, at: datetime) -> _Stands:
        standing = self.before.standing_at(at)
        return _Stands(
            standing=_in_words(standing), settled_by=standing.settled_by if standing.open else None
        )


def _attestation(basis: _Basis, event: AttestationConfirmed) -> NoticeOfAttestation:
    before, held = basis.before, basis.before.held
    assert held is not None, "what is confirmed waited for that"
    acts = tuple(_line(each.number, each.act) for each in attested(held, event.at) if each.act)
    corrected = basis.act(held.corrects) if held.corrects is not None else None
    after = RULE.apply(before, event)
    assert after is not None, "it goes on"
    said = next(each for each in reversed(basis.earlier) if isinstance(each, _SAYS))
    return NoticeOfAttestation(
        **basis.head,
        governs=_governed(before.governs),
        acts=acts,
        corrected=corrected,
        again=tuple(basis.act(number) for number in before.again),
        changes=differing(_said(corrected), _said(acts[0])) if corrected and acts else (),
        reasons=held.reasons,
        standing=tuple(_standing(before.changes if before.attestations else (), after.changes)),
        attested=instant_in_words(said.at),
        attested_by=basis.officers.named(held.by),
        confirmed=instant_in_words(event.at),
        confirmed_by=basis.officers.named(event.by),
    )


_SAYS = RuleOpened | ActAttested | AttestationTakenBack
"""Events of words that wait for a second officer, one at a time."""


def _nears(basis: _Basis, event: EndNeared) -> NoticeBeforeEnd:
    held = basis.before.held
    policy = _policy(basis, event.number)
    return NoticeBeforeEnd(
        **basis.head,
        **basis.stands(event.ends),
        act=basis.act(event.number),
        last_day=last_day(event.ends),
        ends=instant_in_words(event.ends),
        waits=held.number if held else None,
        policy=POLICIES[policy].table.title,
        policy_version=policy,
    )


def _policy(basis: _Basis, number: int) -> PolicyName:
    """The one under which an act was confirmed."""
    return next(each.ends_by for each in basis.before.watched if each.number == number)


def _ended(basis: _Basis, event: ActEnded) -> NoticeOfEndOfAct:
    return NoticeOfEndOfAct(**_over(basis, event))


def _decision(basis: _Basis, event: EndDecided) -> MemorandumOfAct:
    ended = basis.earlier[-1]
    assert isinstance(ended, ActEnded), "what followed is decided with the end"
    return MemorandumOfAct(
        **_over(basis, ended),
        **decided(POLICIES[event.policy].table, event.facts, event.evaluation),
        policy_version=event.policy,
        outcome=_OUTCOMES.get(event.evaluation.outcome, _REFERRED),
    )


class _Over(Head, _Stands):
    """Give what is told of an act that is over."""

    act: ActLine
    ended: str


def _over(basis: _Basis, event: ActEnded) -> _Over:
    """Its end may be learned of later; then that day is the date."""
    end = event.ends or event.at
    head = basis.head if event.ends else basis.last_day_as_date
    return _Over(**head, **basis.stands(end), act=basis.act(event.number), ended=instant_in_words(end))


def _line(number: int, act: Act) -> ActLine:
    return ActLine(
        number=number,
        what=_capital(act.kind.replace("_", " ")),
        citation=act.citation,
        filed=instant_in_words(act.filed) if act.filed else None,
        published=instant_in_words(act.published) if act.published else None,
        effective=instant_in_words(act.effective),
        valid_through=act.valid_through,
        certainty=SOURCES[act.certainty],
        text=act.text,
    )


def _said(act: ActLine) -> Mapping[str, str | None]:
    """The words of an act, by what they are about."""
    return {
        "Act": act.what,
        "Printed in": act.citation,
        "Filed": act.filed,
        "Published": act.published,
        "Counts from": act.effective,
        "Last day": day_in_words(act.valid_through) if act.valid_through else None,
        "Source": act.certainty,
        "It says": act.text,
    }


def _standing(before: Iterable[Segment], after: Iterable[Segment]) -> Iterator[Change]:
    """Say how a rule stands from each instant on, by what was known until now and by what is known now.

    Before the first of them nothing is attested.
    """
    was, now = dict(before), dict(after)
    for start in sorted({*was, *now} - {BEGINNING}):
        yield Change(what=_since(start), was=_in_words_at(was, start), now=_in_words_at(now, start))


def _since(start: datetime) -> str:
    """The day, where that is meant from its beginning on."""
    day = agency_date(start)
    return day_in_words(day) if start == start_of_day(day) else instant_in_words(start)


def _in_words_at(known: Mapping[datetime, Standing], at: datetime) -> str | None:
    """None: nothing is on record."""
    starts = [start for start in known if start <= at]
    return _capital(_in_words(known[max(starts)])) if starts else None


def _in_words(standing: Standing) -> str:
    return standing.said if standing == UNKNOWN else f"{standing.said} [{standing.citation}]"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _governed(governs: Governed) -> str:
    """The matter of a rule."""
    match governs:
        case Affiliates():
            return "entities that listed ones own for the half or more (15 CFR 744.11(a)(1))"
        case GeneralLicense():
            return "".join(_general_license(governs))
        case Entries(entries=entries):
            return f"entries of the Commerce Control List: {_named(entries)}"
        case Places(countries=countries):
            return f"rows of the Country Chart or of the Country Groups: {_named(sorted(countries))}"
        case Printed(issued=issued, version=version):
            return f"the control tables of {day_in_words(issued)}, version {version}"
        case Reviewed():
            return _policy_of(governs)


def _policy_of(governs: Reviewed) -> str:
    about: list[str] = []
    if governs.entries:
        about.append(f" for goods of {_named(governs.entries)}")
    if governs.listings:
        about.append(f" with a party on {_named([*map(_on_list, governs.listings)])}")
    if governs.countries:
        about.append(f" to {_named(sorted(governs.countries))}")
    posture = governs.policy.posture.replace("_", " ")
    certify = f"; the applicant certifies: {governs.certify}" if governs.certify else ""
    return (
        f"the review of license applications{''.join(about)}: {posture}, in the words: {governs.policy.text}"
        f"{certify}"
    )


def _on_list(each: OnList) -> str:
    of = f"footnote {each.footnote} of " if each.footnote else ""
    return f"{of}the {BY_SLUG.get(each.source_list, UNKNOWN_LIST).title}"


def _general_license(governs: GeneralLicense) -> Iterator[str]:
    yield f"a general license, which waives what the rule {governs.rule} requires for parties in"
    yield f" {_named(sorted(governs.countries))}"
    if governs.joint_ventures is not None:
        yield f"; wherever they are, for joint ventures {governs.joint_ventures.where}"
        if governs.joint_ventures.provided is not None:
            yield f", provided that {governs.joint_ventures.provided}"
    if governs.otherwise is not None:
        yield f"; besides it covers: {governs.otherwise}"


def _named(names: Sequence[str]) -> str:
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more} more" if more > 0 else "")
