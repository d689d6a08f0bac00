"""The workflow of a reprieve."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from temporalio import workflow

from greenlight.kernel.reading import read_question
from greenlight.kernel.refusal import Refusal
from greenlight.law.contract import REPRIEVE_QUERIES
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.reprieve.following import TOLD
from greenlight.law.reprieve.outlook import outlook
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion, answer
from greenlight.law.reprieve.state import ReprieveState, Stage
from workflows.case import Case
from workflows.journal import incoming, unanswerable
from workflows.messages import workflow_of

_PAUSE = timedelta(minutes=1)


@workflow_of(REPRIEVE)
class Reprieve(Case[ReprieveState]):
    """One reprieve, term after term, until an executive ends it; a lapse leaves it waiting for another term.

    When a decision falls due it has the facts recorded, and when the time to object is over the outcome
    take effect, in both cases at once.
    """

    # Years of terms fill no run, and a run of at most so many events is read in one go.
    long = 800
    keeps = TOLD

    def __init__(self) -> None:
        super().__init__()
        self._terms = Terms(())
        self._terms_of: str | None = None

    def owed(self) -> Hashable:
        state = self.journal.state
        matter = _matter(state)
        return (matter, state.decisions) if state and matter else None

    def outlook(self) -> tuple[str, ...]:
        state = self.journal.state
        return outlook(state, workflow.now()) if state else ()

    async def act(self) -> datetime | None:
        """Facts may lead to an outcome, and that may be due to take effect."""
        while matter := _matter(self.journal.state):
            owed = self.owed()
            await self.journal.look_into(matter)
            if self.owed() == owed:
                return self.journal.clock.now() + _PAUSE
        return None

    @workflow.query(name="covered", description=REPRIEVE_QUERIES["covered"])
    def covered(self, *inputs: object) -> CoverageAnswer:
        """By the terms of this reprieve alone, as the log has them all: those that are over too."""
        question = read_question(CoverageQuestion, incoming("covered", inputs, "a question"))
        if isinstance(question, Refusal):
            raise unanswerable(question)
        if self.journal.state is None:
            raise unanswerable(self.nothing_known())
        if self._terms_of != self.journal.last:
            self._terms, self._terms_of = Terms.of([self.journal.kept]), self.journal.last
        return answer(self._terms, question)


def _matter(state: ReprieveState | None) -> str | None:
    match state.stage if state else None:
        case Stage.GATHERING:
            return "facts"
        case Stage.TAKING_EFFECT:
            return "effect"
        case _:
            return None
