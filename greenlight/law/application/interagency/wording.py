"""Rewordings of the conditions that agencies asked for: whom they are put to, and what the answers mean.

What is recommended has the officer's words until an agency has let its time pass, and then the agency's own.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from greenlight.law.application.commands import Recommend
from greenlight.law.application.events import RecommendationMade
from greenlight.law.application.interagency.agency import (
    Agency,
    Agreed,
    AskedWording,
    Referral,
    Rewording,
    WordingAnswer,
    agreed_in,
)
from greenlight.law.application.interagency.events import (
    OriginalWordingKept,
    WordingAnswered,
    WordingEvent,
    WordingPutToAgencies,
)
from greenlight.law.application.stage import Stage

if TYPE_CHECKING:
    from greenlight.law.application.state import ApplicationState


def conditions_with(body: Recommend) -> tuple[str, ...]:
    """The conditions that are recommended: those that were named, and behind them what was reworded."""
    return tuple(dict.fromkeys((*body.conditions, *(each.text for each in body.rewordings))))


def unasked_for(rewordings: Iterable[Rewording], referrals: Iterable[Referral]) -> str | None:
    """The first condition that is to be reworded and for which no agency asked."""
    asked_for = _asked_for(referrals)
    return next((each.original for each in rewordings if each.original not in asked_for), None)


def to_ask(
    rewordings: Sequence[Rewording], referrals: Iterable[Referral], wordings: Iterable[AskedWording]
) -> tuple[Agency, ...]:
    """The agencies whose conditions are reworded, and which have not agreed to it before."""
    agreed = agreed_in(wordings)
    return tuple(referral.agency for referral in referrals if any(_put(rewordings, referral, agreed)))


def agreements(wordings: Iterable[AskedWording]) -> tuple[AskedWording, ...]:
    """Of what was asked, that to which agencies agreed."""
    return tuple(each for each in wordings if each.answer is WordingAnswer.AGREED)


def open_wordings(state: "ApplicationState") -> tuple[AskedWording, ...]:
    """The questions that are open: those on what is recommended now."""
    if state.stage is not Stage.COUNTERSIGNATURE:
        return ()
    return tuple(each for each in state.wordings if each.answer is None)


def asked_agencies(state: "ApplicationState") -> tuple[Agency, ...]:
    """The agencies that still owe an answer, each once."""
    return tuple(dict.fromkeys(each.agency for each in open_wordings(state)))


def wording_changes(state: "ApplicationState", event: WordingEvent) -> dict[str, object]:
    """The members of the state that a rewording, or an answer to it, changes."""
    made = state.recommendation
    assert made is not None, "what is reworded is recommended"
    match event:
        case WordingPutToAgencies(agencies=agencies):
            asked = (
                AskedWording(
                    agency=referral.agency, original=each.original, text=each.text, asked_at=event.at
                )
                for referral in state.referrals
                if referral.agency in agencies
                for each in _put(made.rewordings, referral, agreed_in(state.wordings))
            )
            return {"wordings": (*state.wordings, *asked)}
        case WordingAnswered(agrees=agrees):
            answer = WordingAnswer.AGREED if agrees else WordingAnswer.DECLINED
            return {"wordings": _answered(state.wordings, event, answer)}
        case OriginalWordingKept():
            wordings = _answered(state.wordings, event, WordingAnswer.SILENT)
            conditions = tuple(_restored(made, wordings, _asked_for(state.referrals)))
            return {
                "wordings": wordings,
                "recommendation": made.model_copy(update={"conditions": conditions}),
            }


def _asked_for(referrals: Iterable[Referral]) -> frozenset[str]:
    """Every condition for which an agency asked, in its own words."""
    return frozenset(one for referral in referrals if referral.opinion for one in referral.opinion.conditions)


def _put(rewordings: Sequence[Rewording], referral: Referral, agreed: Agreed) -> Iterator[Rewording]:
    asked_for = referral.opinion.conditions if referral.opinion else ()
    for each in rewordings:
        if each.original in asked_for and (referral.agency, each.original, each.text) not in agreed:
            yield each


def _answered(
    wordings: tuple[AskedWording, ...],
    event: WordingAnswered | OriginalWordingKept,
    answer: WordingAnswer,
) -> tuple[AskedWording, ...]:
    said = {"answer": answer, "answered_at": event.at}
    if isinstance(event, WordingAnswered):
        said |= {"answered_by": event.by, "comment": event.comment}
    return tuple(
        each.model_copy(update=said) if each.agency == event.agency and each.answer is None else each
        for each in wordings
    )


def _restored(
    made: RecommendationMade, wordings: Iterable[AskedWording], asked_for: Container[str]
) -> Iterator[str]:
    """The conditions with the agencies' own words in the place of what an agency kept silent on. Words stay
    that an agency asked for itself, and where another condition was reworded to the same ones, and nobody
    kept silent on that."""
    silent = {each.original for each in wordings if each.answer is WordingAnswer.SILENT}
    found: list[str] = []
    for condition in made.conditions:
        originals = [each.original for each in made.rewordings if each.text == condition]
        found += [one for one in originals if one in silent]
        if condition in asked_for or not silent.issuperset(originals) or not originals:
            found.append(condition)
    yield from dict.fromkeys(found)
