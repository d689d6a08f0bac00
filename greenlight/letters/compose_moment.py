"""From the events of an instant that came to what officers are told of their cases."""

from typing import Final

from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.events import OfficerTold
from greenlight.law.moment.state import MomentState
from greenlight.law.moment.told import Answers, Flipped
from greenlight.law.outlook.coming import Coming
from greenlight.letters.basis import Basis
from greenlight.letters.content import Records, Step
from greenlight.letters.notices import AnswersLine, CameLine, FlippedLine, Notice, NoticeOfFlips
from greenlight.letters.officers import Officers
from greenlight.letters.words import ANSWERS, SOURCES, instant_in_words

FEW: Final = 20
"""Things that came and are told one by one; the others are counted."""

_ALL: Final = "the licensing officers"


def compose(step: Step, records: Records, officers: Officers) -> Notice | None:
    """The notice of the last of ``records``, which are all of the moment's up to it; None: nothing is known
    of that."""
    basis = Basis(MOMENT, step, records, officers)
    return _flips(basis, basis.event) if isinstance(basis.event, OfficerTold) else None


def _flips(basis: Basis[MomentState], event: OfficerTold) -> NoticeOfFlips:
    state, officer = basis.before, event.officer
    told = next(each for each in state.told if each.officer == officer)
    return NoticeOfFlips(
        **basis.head,
        addressee=basis.officers.called(officer, Role.LICENSING_OFFICER) if officer else _ALL,
        own=officer is not None,
        instant=instant_in_words(state.instant),
        came=tuple(map(_came, state.coming[:FEW])),
        came_more=max(0, len(state.coming) - FEW),
        applications=told.applications,
        licenses=told.licenses,
        answers=tuple(map(_answers, told.answers)),
        cases=tuple(map(_case, told.first)),
        cases_more=told.cases - len(told.first),
    )


def _came(coming: Coming) -> CameLine:
    return CameLine(
        text=coming.text,
        citation=coming.citation,
        certainty=SOURCES[coming.certainty],
        settled_by=coming.settled_by,
    )


def _answers(told: Answers) -> AnswersLine:
    return AnswersLine(before=ANSWERS[told.before], now=ANSWERS[told.after], cases=told.cases)


def _case(flipped: Flipped) -> FlippedLine:
    return FlippedLine(
        what="Application" if flipped.stream.startswith(APPLICATION.kind) else "License",
        number=stream_key(flipped.stream),
        destination=flipped.destination,
        before=ANSWERS[flipped.before],
        now=ANSWERS[flipped.after],
        more=flipped.more,
    )
