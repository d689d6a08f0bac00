"""Whose turn it is, organisation by organisation, and until when; dates by hand from 15 CFR 750.4."""

from datetime import timedelta

import pytest

from greenlight.kernel.roles import Role
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import AskApplicant, DelegateBack, Outcome
from greenlight.law.application.expedite.rules import EXPEDITE
from greenlight.law.application.flip.language import FLIP
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.state import Stage
from greenlight.law.application.tasks import TURNS, Task, tasks
from greenlight.law.contract import permitted
from tests.law.application.cases import (
    APPROVE,
    OBJECT,
    Case,
    before_acep,
    before_earb,
    before_president,
    disputed,
    in_review,
    possibly_listed,
    submitted,
    with_countersigner,
    with_executive,
)
from tests.law.application.stories import EXISTING, Story

PERMITTED = permitted()

ASK = AskApplicant(request="Which radios?")
APPLICANT = "applicant of example-networks, nothing"
BOTH = (Agency.DEFENSE, Agency.STATE)


def told(case: Case) -> list[str]:
    """The tasks in short: who, and which day in September or after is the last one."""
    return [_told(task) for task in tasks(case.opened)]


def _told(task: Task) -> str:
    who = f"{task.role} of {task.organisation}" if task.organisation else f"{task.role}"
    if task.deadline is None:
        return f"{who}, nothing"
    # In all these cases the day in Washington ends at four or five o'clock.
    last = (task.due - timedelta(hours=12)).date().isoformat() if task.due else "stopped"
    return f"{who}, {task.deadline} {last}"


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (submitted(), []),
        (possibly_listed(), ["licensing_officer, initial_action 2026-09-10"]),
        (possibly_listed().inquired(), [APPLICANT, "licensing_officer, resolution stopped"]),
        (possibly_listed().resolved(), ["licensing_officer, initial_action 2026-09-10"]),
        (
            in_review().referred(Agency.STATE).screened("no_match", "possible_match"),
            [
                "licensing_officer, resolution 2026-11-30",
                "agency_reviewer of state, agency_information 2026-09-11",
            ],
        ),
        (in_review(), ["licensing_officer, initial_action 2026-09-10"]),
        (in_review().later(days=20).advanced(), ["licensing_officer, initial_action 2026-09-10"]),
        (in_review().inquired(), [APPLICANT]),
        (in_review().inquired().answered(), ["licensing_officer, resolution 2026-11-30"]),
        (in_review().held(), ["licensing_officer, initial_action stopped"]),
        (with_countersigner(), ["countersigner, initial_action 2026-09-10"]),
        (with_executive(), ["executive, initial_action 2026-09-10"]),
        (
            in_review().referred(*BOTH),
            [f"agency_reviewer of {name}, agency_information 2026-09-11" for name in ("defense", "state")],
        ),
        (
            in_review().referred(*BOTH).later(days=11).advanced(),
            [f"agency_reviewer of {name}, agency_recommendation 2026-10-01" for name in ("defense", "state")],
        ),
        (
            in_review().referred(*BOTH).advised(OBJECT),
            ["agency_reviewer of state, agency_information 2026-09-11"],
        ),
        (
            in_review().referred(*BOTH).after(ASK),
            ["agency_reviewer of state, agency_information 2026-09-11", APPLICANT],
        ),
        (in_review().referred(Agency.DEFENSE).after(ASK), [APPLICANT]),
        (in_review().referred(Agency.DEFENSE).after(ASK).inquired(), [APPLICANT]),
        (in_review().referred(*BOTH).held().later(days=3), ["agency_reviewer of defense, "
         "agency_information stopped", "agency_reviewer of state, agency_information stopped"]),
        (disputed(), ["oc_chair, operating_committee 2026-10-15"]),
        (disputed().later(days=60).advanced(), ["oc_chair, operating_committee 2026-10-15"]),
        (
            disputed().decided(),
            [f"agency_reviewer of {name}, escalation 2026-09-06" for name in ("defense", "energy")],
        ),
        (
            before_acep().voted(Outcome.GRANT),
            [f"acep_member of {seat}, acep 2026-09-12" for seat in ("defense", "energy", "state")],
        ),
        (
            before_earb().voted(*[Outcome.GRANT] * 3),
            ["earb_member of state, earb 2026-09-12"],
        ),
        (
            before_earb().voted(*[Outcome.GRANT] * 4),
            [f"agency_head of {name}, escalation 2026-09-06" for name in ("defense", "energy")],
        ),
        (before_president(), ["executive, nothing"]),
        (disputed().decided().later(days=60).advanced(), ["executive, resolution 2026-11-30"]),
        (with_executive().signed_off(), []),
    ],
)  # fmt: skip
def test_whose_turn_it_is(case: Case, expected: list[str]) -> None:
    assert told(case) == expected


def test_who_has_spoken_has_no_turn() -> None:
    case = in_review().referred(*BOTH).advised(APPROVE).after(DelegateBack())
    assert [task.role for task in tasks(case.opened)] == [Role.LICENSING_OFFICER]


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_tasks_say_what_the_docket_says(story: Story) -> None:
    state = story().opened
    # Whether it comes before others, and what an answer that flipped means, an officer decides beside that.
    turns = tuple(task for task in tasks(state) if task.deadline not in {EXPEDITE, FLIP})
    beside = (state.expedite is not None) + bool(state.flips)
    assert len(tasks(state)) - len(turns) == beside
    shown = APPLICATION.status(state)
    assert (turns == ()) <= (shown.waiting_for in {"nobody", "screening"})
    assert (turns == ()) >= (shown.waiting_for == "nobody")
    others = {Role.APPLICANT.value}
    if state.stage in {Stage.TRIAGE, Stage.AWAITING_ANSWER}:
        others |= {Role.LICENSING_OFFICER.value} if state.unresolved else set()
        others |= {Role.AGENCY_REVIEWER.value} if state.stage is Stage.TRIAGE else set()
    assert {task.role.value for task in turns} <= {shown.waiting_for} | others
    keys = [(task.role, task.organisation) for task in turns]
    assert len(keys) == len(set(keys)), "one task for each"
    pending = {deadline.due for deadline in APPLICATION.deadlines(state)}
    assert {task.due for task in turns if task.deadline not in state.passed} <= pending | {None}


def test_every_open_stage_is_somebodys() -> None:
    assert set(TURNS) == {stage for stage in Stage if not stage.closed}
    assert {turn.role for turns in TURNS.values() for turn in turns} - {None} <= frozenset().union(
        *PERMITTED.values()
    )
