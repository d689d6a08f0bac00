"""Applications lived through at random: whatever anybody sends whenever, the law holds."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import (
    Advise,
    Countersign,
    Recommend,
    Refer,
    SignOff,
    Submit,
    Withdraw,
)
from greenlight.law.application.dossier import Screening, Submission
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.needs import ScreeningOf
from greenlight.law.application.state import Stage
from tests.law import actors
from tests.law.application.cases import (
    APPROVE,
    DENY,
    DENY_UNLESS,
    GRANT,
    GRANT_IN_PART,
    OBJECT,
    UNSCREENED,
    screening,
)
from tests.law.application.machine import Machine
from tests.law.application.strategies import ADVICES, FOUND, NEXT, STARTS, SUBMISSIONS
from tests.law.decisions import told

IN_DISPUTE = (
    Stage.OPERATING_COMMITTEE,
    Stage.ESCALATION,
    Stage.ACEP,
    Stage.EARB,
    Stage.PRESIDENT,
)
DISPUTANTS = (
    actors.OC_CHAIR,
    actors.EXECUTIVE,
    *actors.REVIEWERS.values(),
    *actors.HEADS.values(),
    *actors.ACEP.values(),
    *actors.EARB.values(),
)


class Applications(Machine):
    """From the submission."""

    @initialize(at=STARTS, application=SUBMISSIONS, outsider=st.sampled_from(actors.EVERYONE), found=FOUND)
    def begin(self, at: datetime, application: Submission, outsider: Actor, found: Screening | None) -> None:
        self.start(at)
        self.send(self.led.command(Withdraw(), outsider))
        plain = self.led.command(Submit(application=application))
        submission = told(plain, {ScreeningOf: found or UNSCREENED})
        self.send(replace(submission, by=outsider))
        if self.led.state is None:
            self.send(submission)


class Disputes(Machine):
    """From the Operating Committee, which few applications come to by chance, and fewer beyond it."""

    @initialize(
        at=STARTS,
        application=SUBMISSIONS,
        listed=st.booleans(),
        agencies=st.permutations(list(Agency)),
        others=st.lists(ADVICES, max_size=3),
        proposal=st.sampled_from([(GRANT, OBJECT), (GRANT_IN_PART, OBJECT), (DENY, APPROVE)]),
    )
    def begin(
        self,
        at: datetime,
        application: Submission,
        listed: bool,
        agencies: list[Agency],
        others: list[Advise],
        proposal: tuple[Recommend, Advise],
    ) -> None:
        self.start(at)
        recommended, objection = proposal
        if application.all_or_nothing and recommended is GRANT_IN_PART:
            recommended = GRANT
        advices = (objection, *others)
        submission = self.led.command(Submit(application=application))
        found = screening("no_match", "listed" if listed else "no_match")
        self.send(told(submission, {ScreeningOf: found}))
        self.send(self.led.command(Refer(agencies=tuple(agencies[: len(advices)]))))
        for body in (*advices, recommended, Countersign(agrees=True)):
            self.send(self.led.command(body))
        assert self.is_at(Stage.OPERATING_COMMITTEE)

    @precondition(lambda self: self.is_at(*IN_DISPUTE))
    @rule(data=st.data(), by=st.sampled_from(DISPUTANTS))
    def anyone_who_sits_somewhere_goes_on(self, data: st.DataObject, by: Actor) -> None:
        self.send(self.led.command(data.draw(NEXT[self.led.opened.stage]), by))


class Denials(Machine):
    """From the notice of an intent to deny; appeals come long after it."""

    @initialize(at=STARTS, application=SUBMISSIONS, proposal=st.sampled_from([DENY, DENY_UNLESS]))
    def begin(self, at: datetime, application: Submission, proposal: Recommend) -> None:
        self.start(at)
        submission = self.led.command(Submit(application=application))
        self.send(told(submission, {ScreeningOf: screening("no_match", "listed")}))
        for body in (proposal, Countersign(agrees=True), SignOff(approves=True)):
            self.send(self.led.command(body))
        assert self.is_at(Stage.INTENT_TO_DENY)

    @precondition(lambda self: self.is_at(Stage.INTENT_TO_DENY))
    @rule(days=st.integers(min_value=44, max_value=92))
    def the_notice_takes_its_course(self, days: int) -> None:
        self.time_passes(timedelta(days=days), [0.5])
        self.send(self.led.command(Withdraw(), actors.OFFICER))


for machine, examples in ((Applications, 60), (Disputes, 40), (Denials, 40)):
    machine.TestCase.settings = settings(
        deadline=None, max_examples=examples, stateful_step_count=40, report_multiple_bugs=False
    )
TestApplications = Applications.TestCase
TestDisputes = Disputes.TestCase
TestDenials = Denials.TestCase
