"""An application lived through at random, and what must hold of it whatever anybody sends whenever.

Two copies of each case are led side by side. Both get the same commands at the same instants; one of them is
also looked at in between. The rules are written down a second time, here and in ``history``.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from greenlight.kernel.body import Body, decisions
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    COMMANDS,
    Answer,
    Assign,
    ConfirmMatch,
    Countersign,
    Escalate,
    LiftHold,
    Outcome,
    PlaceHold,
    Recommend,
    RecordScreening,
    RequestInformation,
    SignOff,
    Vote,
    Withdraw,
)
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.dossier import Item, Screening, Submission
from greenlight.law.application.events import (
    ApplicationGranted,
    DeadlinePassed,
    DisputeOpened,
    RecommendationMade,
    VotesCounted,
)
from greenlight.law.application.expedite.commands import GrantExpedite, RefuseExpedite, RequestExpedite
from greenlight.law.application.flip.commands import NoteFlip, RecordFlip
from greenlight.law.application.interagency.events import OriginalWordingKept
from greenlight.law.application.needs import ScreeningOf
from greenlight.law.application.state import ApplicationState, Stage, dossier, dossier_digest
from greenlight.law.application.transitions import TRANSITIONS
from tests.law import actors
from tests.law.application.cases import ACN, DECIDED_DENY, DECIDED_GRANT, NUMBER, UNSCREENED, Case, refused
from tests.law.application.history import APPLICANTS, Accepted, History
from tests.law.application.strategies import BODIES, FOUND, NEXT, WAITS
from tests.law.application.whose import check_days
from tests.law.decisions import told

DECISIONS = decisions(COMMANDS)

OFFICIAL: dict[str, Role] = {
    "assign": Role.LICENSING_OFFICER,
    "request_information": Role.LICENSING_OFFICER,
    "recommend": Role.LICENSING_OFFICER,
    "return_without_action": Role.LICENSING_OFFICER,
    "resolve_match": Role.LICENSING_OFFICER,
    "confirm_match": Role.LICENSING_OFFICER,
    "countersign": Role.COUNTERSIGNER,
    "sign_off": Role.EXECUTIVE,
    "grant_expedite": Role.LICENSING_OFFICER,
    "refuse_expedite": Role.LICENSING_OFFICER,
    "note_flip": Role.LICENSING_OFFICER,
    "place_hold": Role.LICENSING_OFFICER,
    "lift_hold": Role.LICENSING_OFFICER,
    "refer": Role.LICENSING_OFFICER,
    "advise": Role.AGENCY_REVIEWER,
    "ask_applicant": Role.AGENCY_REVIEWER,
    "delegate_back": Role.AGENCY_REVIEWER,
    "answer_wording": Role.AGENCY_REVIEWER,
    "reconsider": Role.LICENSING_OFFICER,
    "decide_appeal": Role.EXECUTIVE,
}
IN_A_DISPUTE: dict[tuple[str, Stage], Role] = {
    ("decide_dispute", Stage.OPERATING_COMMITTEE): Role.OC_CHAIR,
    ("decide_dispute", Stage.PRESIDENT): Role.EXECUTIVE,
    ("vote", Stage.ACEP): Role.ACEP_MEMBER,
    ("vote", Stage.EARB): Role.EARB_MEMBER,
}


class Machine(RuleBasedStateMachine):
    """One application. ``led`` is told of commands alone, ``watched`` is looked at in between as well.

    How it comes about is for subclasses to say.
    """

    def start(self, at: datetime) -> None:
        self.led = Case(now=at)
        self.watched = Case(now=at)
        self.read_back: ApplicationState | None = None
        self.history = History()
        self.dossiers: set[str] = set()
        self.closed_at: datetime | None = None

    @rule(wait=WAITS, looks=st.lists(st.floats(min_value=0, max_value=1), max_size=3))
    def time_passes(self, wait: timedelta, looks: list[float]) -> None:
        start = self.led.now
        for part in sorted(looks):
            self.watched = self.watched.at(start + wait * part).advanced()
        self.led = self.led.at(start + wait)
        self.watched = self.watched.at(start + wait)

    @rule(early=st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(hours=1)]))
    def time_passes_until_something_is_due(self, early: timedelta) -> None:
        deadline = APPLICATION.next_deadline(self.led.state)
        if deadline is not None and deadline.due is not None:
            self.time_passes(max(deadline.due - early - self.led.now, timedelta(0)), [1.0])

    @precondition(lambda self: self.is_at(*NEXT))
    @rule(data=st.data(), found=FOUND)
    def the_case_goes_on(self, data: st.DataObject, found: Screening | None) -> None:
        body = data.draw(NEXT[self.led.opened.stage])
        by = actors.APPLICANTS_COLLEAGUE if isinstance(body, Answer) else None
        self.send(told(self.led.command(body, by), {ScreeningOf: found or UNSCREENED}))

    @precondition(lambda self: self.is_at(*NEXT))
    @rule(data=st.data(), wait=WAITS)
    def the_case_goes_on_later(self, data: st.DataObject, wait: timedelta) -> None:
        self.time_passes(wait, [0.5])
        self.send(self.led.command(data.draw(NEXT[self.led.opened.stage])))

    @precondition(lambda self: self.is_at(*NEXT))
    @rule(data=st.data())
    def anyone_of_the_right_role_goes_on(self, data: st.DataObject) -> None:
        command = self.led.command(data.draw(NEXT[self.led.opened.stage]))
        if command.by is not None:
            peers = [actor for actor in actors.EVERYONE if actor.role is command.by.role]
            command = replace(command, by=data.draw(st.sampled_from(peers)))
        self.send(command)

    @rule(body=BODIES, by=st.sampled_from(actors.EVERYONE))
    def anyone_sends_anything(self, body: Body, by: Actor) -> None:
        self.send(self.led.command(body, by))

    @precondition(lambda self: self.is_at(*NEXT))
    @rule(data=st.data(), dossier=st.sampled_from([None, digest({})]))
    def the_case_should_not_go_on(self, data: st.DataObject, dossier: str | None) -> None:
        """A decision on no dossier, or on another."""
        command = self.led.command(data.draw(NEXT[self.led.opened.stage]))
        self.send(replace(command, dossier=dossier))

    def is_at(self, *stages: Stage) -> bool:
        return self.led.state is not None and self.led.state.stage in stages

    def send(self, command: Command[Body]) -> None:
        """As the workflows do: first what is due, then the command, then what follows from it."""
        led, watched = self.led.advanced(), self.watched.advanced()
        assert led == watched, "it matters when a case is looked at"
        if self.closed_at is None and led.state is not None and led.state.stage.closed:
            # No appeal came in time.
            self.closed_at = led.events[-1].at
        self._check_deadlines(led)
        before = None if led.state is None else led.state.model_dump_json()
        decision = APPLICATION.decide(led.state, command, led.now)
        after = None if led.state is None else led.state.model_dump_json()
        assert before == after, "deciding changed the state"
        assert not isinstance(decision, Need)
        if isinstance(decision, Refusal):
            self._check_refusal(led, command, decision)
            events: tuple[Event, ...] = (refused(command, decision, led.now),)
            if led.state is not None and command.by is not None:
                self.history.attempts.append(command.by)
        else:
            events = decision
            entry = Accepted(command=command, at=led.now, events=events)
            self._check_acceptance(led, entry)
            self.history.entries.append(entry)
        self._read_back(led.events[len(self.led.events) :] + events)
        self.led, self.watched = led.with_events(*events), watched.with_events(*events)
        self._check_state()

    def _check_refusal(self, case: Case, command: Command[Body], refusal: Refusal) -> None:
        cell = TRANSITIONS[case.state.stage if case.state else None][command.name]
        if isinstance(cell, Code):
            assert refusal.code is cell
        else:
            assert refusal.code not in {RefusalCode.WRONG_STAGE, RefusalCode.CASE_CLOSED}

    def _check_acceptance(self, case: Case, entry: Accepted) -> None:
        after = case.with_events(*entry.events)
        cell = TRANSITIONS[case.state.stage if case.state else None][entry.command.name]
        assert not isinstance(cell, Code), f"accepted where the table refuses with {cell}"
        assert after.opened.stage in cell, f"{entry.command.name} leads to {after.opened.stage}"
        assert self.closed_at is None, "a closed case changed"
        assert all(event.at == entry.at for event in entry.events)
        self._check_persons(entry)
        if entry.command.name in DECISIONS:
            assert entry.command.dossier == case.digest
        if case.state is not None:
            self._check_dossier(case.state, after.opened, entry)
        if any(isinstance(event, ApplicationGranted | IntentToDenyIssued) for event in entry.events):
            self._check_signatures(entry)
        if after.opened.stage.closed:
            self.closed_at = entry.at

    def _check_persons(self, entry: Accepted) -> None:
        name = entry.command.name
        if name == "record_screening":
            body = entry.command.body
            assert entry.command.by is None
            assert isinstance(body, RecordScreening)
            assert body.parties == self.history.parties, "other parties were screened"
            return
        by = entry.by
        if name in APPLICANTS:
            assert by.role is Role.APPLICANT
            officials = {e.by.person for e in self.history.entries if e.command.by} - {
                e.by.person for e in self.history.named(*APPLICANTS)
            }
            assert by.person not in officials, "somebody is on both sides"
            assert (
                by.organisation == (self.history.submitted if self.history.entries else entry).by.organisation
            )
            return
        before = self.led.opened.stage
        if name == "escalate":
            steps = [entry.command.name for entry in self.history.named("countersign", "escalate")]
            to_the_president = steps[-2:] == ["escalate"] * 2
            assert by.role is (Role.AGENCY_HEAD if to_the_president else Role.AGENCY_REVIEWER)
        else:
            assert by.role is (OFFICIAL.get(name) or IN_A_DISPUTE[name, before])
        assert by.person not in self.history.acted_for_applicant()
        assert by.organisation != self.history.submitted.by.organisation
        if name in {"note_flip", "recommend", "resolve_match"}:
            assigned = [e.command.body for e in self.history.named("assign")][-1:]
            assert all(isinstance(body, Assign) and body.officer == by.officer for body in assigned)
        if name in {"countersign", "sign_off", "decide_dispute", "vote", "decide_appeal"}:
            chain = [e for e in self.history.standing if e.command.name != "sign_off"]
            assert by.person not in {e.by.person for e in chain}, "somebody judges what they signed"

    def _check_dossier(self, before: ApplicationState, after: ApplicationState, entry: Accepted) -> None:
        changed = dossier(before) != dossier(after)
        assert changed == (dossier_digest(before) != dossier_digest(after))
        match entry.command.body:
            case PlaceHold() | LiftHold():
                assert changed, "a hold was placed or lifted behind the back of whoever decides"
            case Assign() | ConfirmMatch() | Withdraw() | Vote() | Escalate() if not any(
                isinstance(event, VotesCounted) for event in entry.events
            ):
                assert not changed, f"{entry.command.name} changed the dossier"
            case RequestExpedite() | GrantExpedite() | RefuseExpedite():
                assert not changed, "a request to expedite would have others sign anew"
            case RecordFlip() | NoteFlip():
                assert changed, "an answer became another one behind the back of whoever decides"
            case Answer() | RequestInformation() | Recommend() | Countersign() | SignOff(approves=False):
                assert dossier_digest(after) not in self.dossiers, "what was signed earlier would hold again"
            case _:
                pass
        self.dossiers |= {dossier_digest(before), dossier_digest(after)}

    def _check_signatures(self, last: Accepted) -> None:
        """No outcome without every signature that it needs, of different people, on screened parties."""
        chain = [*self.history.standing, last]
        recommended, countersigned = chain[:2]
        assert [entry.command.name for entry in chain[:2]] == ["recommend", "countersign"]
        persons = [entry.by.person for entry in chain]
        assert len(set(persons)) == len(persons), "somebody signed twice"
        assert not set(persons) & self.history.acted_for_applicant(), "an applicant's decided"
        disputed = any(isinstance(event, DisputeOpened) for event in countersigned.events)
        yes = (Countersign(agrees=True), SignOff(approves=True), *((DECIDED_GRANT, DECIDED_DENY) * disputed))
        assert all(entry.command.body in yes for entry in chain[1:]), "it is no yes"
        found = self.history.screening
        assert found is not None
        assert {finding.party for finding in found.findings} == set(range(len(self.history.parties)))
        listed = self.history.said(found)
        assert None not in listed.values(), "a party was not screened, or a possible match is open"
        if disputed:
            assert [entry.command.name for entry in chain[2:]] in (["sign_off"], ["decide_dispute"])
            assert last.by.role is Role.EXECUTIVE
            return
        body = recommended.command.body
        assert isinstance(body, Recommend)
        if _goes_up(self.history.application, body, listed=True in listed.values()):
            assert [entry.command.name for entry in chain[2:]] == ["sign_off"]
            assert chain[2].by.person != recommended.by.person
        else:
            assert len(chain) == 2, "the executive signed what it need not"
        granted = [event for event in last.events if isinstance(event, ApplicationGranted)]
        assert len(granted) == (body.outcome is Outcome.GRANT)
        for event in granted:
            lines = {line.line for line in self.history.application.items}
            assert set(event.lines) == set(body.lines or lines)
            assert event.in_part == (set(event.lines) != lines)
            assert event.conditions == (*body.conditions, *self._reworded(body))

    def _reworded(self, body: Recommend) -> Iterator[str]:
        """The officer's words, or those of an agency that kept silent on them."""
        silent = False
        for event in self.led.events:
            silent = isinstance(event, OriginalWordingKept) or (
                silent and not isinstance(event, RecommendationMade)
            )
        yield from (each.original if silent else each.text for each in body.rewordings)

    def _check_deadlines(self, case: Case) -> None:
        passed = [
            event
            for event in case.events
            if isinstance(event, DeadlinePassed) and event.deadline in {"initial_action", "resolution"}
        ]
        instants = {event.deadline: event.at for event in passed}
        assert len(passed) == len(instants), "a deadline passed twice"
        if case.state is not None:
            expected = self.history.overdue(case.now, self.closed_at)
            assert instants == expected
            assert case.state.passed & {"initial_action", "resolution"} == set(expected)

    def _read_back(self, events: tuple[Event, ...]) -> None:
        for event in events:
            again = APPLICATION.read(event.record())
            assert again == event
            self.read_back = APPLICATION.apply(self.read_back, again)

    def _check_state(self) -> None:
        state = self.led.state
        assert state == self.read_back, "the records do not add up to the state"
        if state is None:
            return
        assert ApplicationState.model_validate_json(state.model_dump_json()) == state
        assert state.parties == self.history.parties
        if state.stage not in {Stage.TRIAGE, Stage.AWAITING_ANSWER, Stage.RETURNED, Stage.WITHDRAWN}:
            assert self.history.screening is not None
            assert None not in self.history.said(self.history.screening).values()
        assert (state.open_inquiry is not None) <= (
            state.stage is Stage.AWAITING_ANSWER or state.stage.closed
        )
        assert (state.license_number == NUMBER) == (state.stage is Stage.GRANTED)
        assert APPLICATION.status(state).closed == (self.closed_at is not None)
        assert APPLICATION.view(state, len(self.led.events)).row["acn"] == ACN

    def teardown(self) -> None:
        records = tuple(event.record() for event in self.led.events)
        assert APPLICATION.replay(None, records) == self.led.state
        if self.led.events:
            check_days(self.led.events, self.led.now)


def _goes_up(application: Submission, body: Recommend, *, listed: bool) -> bool:
    """Whether the executive must sign off, said in other words than the table's."""
    if body.outcome is Outcome.DENY or listed:
        return True
    items: tuple[Item, ...] = application.items
    if any(line.value.currency != "USD" for line in items):
        return True
    millions = sum(line.value.minor_units for line in items) / 100_000_000
    return millions >= 50 or (millions >= 5 and any(line.classification != "EAR99" for line in items))
