"""Versions of the list: loaded, held for a second officer, confirmed, too old; and rescreened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.commands import (
    COMMANDS,
    INTERNAL,
    BeginRescreening,
    ConfirmList,
    DiscardList,
)
from greenlight.law.screening_list.content import ContentOf, StandingList
from greenlight.law.screening_list.events import RescreeningCompleted
from greenlight.law.screening_list.state import Stage
from greenlight.law.screening_list.transitions import TRANSITIONS
from tests.law.actors import EXECUTIVE, OFFICER, OTHER_OFFICER
from tests.law.screening_list.cases import (
    FIRST,
    MISSING,
    NAMES,
    NOW,
    OPEN,
    SECOND,
    TODAY,
    Kept,
    agency_today,
    content,
    current,
    empty,
    held,
    loading,
    old,
    progress,
    refused,
)

CONFIRM = ConfirmList(digest=SECOND, reasons="The agency says that it is so.")
DISCARD = DiscardList(digest=SECOND, reasons="Cut off on the way.")
BEGIN = BeginRescreening(pending=3)

CASES: dict[Stage | None, tuple[Callable[[], Kept], ...]] = {
    None: (Kept,),
    Stage.EMPTY: (empty,),
    Stage.CURRENT: (current, lambda: current().does(BEGIN), lambda: current().does(BEGIN, progress())),
    Stage.HELD: (held, lambda: held(current()), lambda: held(old()), lambda: held(current().does(BEGIN))),
    Stage.OLD: (old,),
}


def bodies(name: str, kept: Kept) -> tuple[Body, ...]:
    samples: tuple[Body, ...] = (
        OPEN,
        loading(SECOND, agency_today(kept)),
        CONFIRM,
        DISCARD,
        BEGIN,
        progress(),
        progress(last=False),
    )
    return tuple(body for body in samples if NAMES[type(body)] == name)


@pytest.mark.parametrize("name", [*COMMANDS, *INTERNAL])
@pytest.mark.parametrize("stage", [None, *Stage], ids=str)
def test_a_command_leads_where_its_cell_says(stage: Stage | None, name: str) -> None:
    cell = TRANSITIONS[stage][name]
    reached: set[Stage] = set()
    for story in CASES[stage]:
        for body in bodies(name, story()):
            for doubts in ((), ("It is much smaller.",)):
                kept = story()
                assert (kept.state.stage if kept.state else None) is stage
                kept.doubts = doubts
                decision = kept.asked(body, OTHER_OFFICER)
                if isinstance(cell, RefusalCode):
                    assert refused(decision).code is cell
                elif isinstance(decision, tuple):
                    kept.add(decision)
                    reached.add(kept.opened.stage)
                else:
                    # A rescreening that is not due, or not of that number.
                    assert refused(decision).code is RefusalCode.WRONG_STAGE
    if not isinstance(cell, RefusalCode):
        assert reached == cell


def test_every_stage_has_a_cell_for_every_command() -> None:
    assert set(TRANSITIONS) == {None, *Stage}
    assert all(set(row) == {*COMMANDS, *INTERNAL} for row in TRANSITIONS.values())


def test_there_is_one_list() -> None:
    command: Command[Body] = Command(key="other", body=OPEN, by=OFFICER)
    assert refused(LIST.decide(None, command, NOW)).code is RefusalCode.MALFORMED


def test_a_plausible_version_is_current_at_once_and_stands() -> None:
    kept = current()
    assert kept.opened.standing == StandingList(
        key="csl", title=OPEN.title, digest=FIRST, retrieved=TODAY, max_age_days=30
    )
    assert kept.opened.stage is Stage.CURRENT
    assert kept.opened.rescreening_due


def test_what_is_in_a_file_is_never_taken_from_a_sender() -> None:
    command: Command[Body] = Command(key="csl", body=loading(), by=OFFICER)
    need = ContentOf(FIRST, loading().retrieved, None)
    assert LIST.decide(empty().state, command, NOW) == need
    # Nor is it taken from the service about another file, or against another version.
    current = StandingList(key="csl", title="Other", digest=SECOND, retrieved=TODAY, max_age_days=30)
    for other in (replace(need, digest=SECOND), replace(need, current=current)):
        stale = command.knowing(other, content(FIRST))
        assert LIST.decide(empty().state, stale, NOW) == need


def test_a_file_that_is_not_stored_or_no_list_is_refused() -> None:
    said = refused(empty().asked(loading(MISSING)))
    assert (said.code, said.message) == (
        RefusalCode.LIST_UNREADABLE,
        "no file is stored under that digest",
    )


def test_a_doubtful_version_changes_nothing_until_another_person_confirms_it() -> None:
    kept = held(current())
    assert kept.opened.digest == FIRST
    assert refused(kept.asked(CONFIRM, OFFICER)).code is RefusalCode.OWN_VERSION
    same_person = OTHER_OFFICER.model_copy(update={"person": OFFICER.person})
    assert refused(kept.asked(CONFIRM, same_person)).code is RefusalCode.OWN_VERSION
    other = ConfirmList(digest=FIRST, reasons="That one.")
    assert refused(kept.asked(other, OTHER_OFFICER)).code is RefusalCode.DIGEST_DIFFERS
    kept.does(CONFIRM, by=OTHER_OFFICER)
    assert kept.opened.digest == SECOND
    assert kept.opened.held is None
    assert kept.opened.current is not None
    assert kept.opened.current.confirmed_by == OTHER_OFFICER


def test_a_discarded_version_leaves_what_was_current() -> None:
    wrong = DiscardList(digest=FIRST, reasons="That one.")
    assert refused(held(current()).asked(wrong)).code is RefusalCode.DIGEST_DIFFERS
    kept = held(current()).does(DISCARD)
    assert (kept.opened.digest, kept.opened.held, kept.opened.sweeps) == (FIRST, None, 1)


def test_only_licensing_officers_keep_the_list() -> None:
    assert refused(Kept().asked(OPEN, EXECUTIVE)).code is RefusalCode.WRONG_ROLE
    assert refused(empty().asked(loading(), EXECUTIVE)).code is RefusalCode.WRONG_ROLE


def test_the_same_file_again_changes_nothing_unless_it_was_downloaded_later() -> None:
    kept = current()
    assert refused(kept.asked(loading())).code is RefusalCode.ALREADY_CURRENT
    kept.passes(10).does(loading(FIRST, TODAY + timedelta(days=10)))
    assert kept.opened.sweeps == 1
    assert kept.opened.current is not None
    assert kept.opened.current.retrieved == TODAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (1, RefusalCode.MALFORMED),
        (-31, RefusalCode.LIST_TOO_OLD),
    ],
)
def test_a_file_from_the_future_or_from_long_ago_is_refused(days: int, code: RefusalCode) -> None:
    assert refused(empty().asked(loading(FIRST, TODAY + timedelta(days=days)))).code is code


def test_a_version_grows_too_old_at_the_end_of_its_last_day_in_washington() -> None:
    (due,) = LIST.deadlines(current().opened)
    assert due.due == datetime(2026, 10, 2, 4, tzinfo=UTC)
    kept = old()
    assert kept.opened.stage is Stage.OLD
    assert LIST.status(kept.opened).waiting_for == "licensing_officer"
    assert kept.events[-1].at == due.due
    # Parties wait, and are screened anew when there is a younger one, be it the same.
    kept.does(loading(FIRST, TODAY + timedelta(days=31)))
    assert (kept.opened.stage, kept.opened.sweeps) == (Stage.CURRENT, 2)


def test_a_version_that_waited_too_long_is_not_confirmed() -> None:
    kept = held().passes(31)
    assert refused(kept.asked(CONFIRM, OTHER_OFFICER)).code is RefusalCode.LIST_TOO_OLD


def test_a_rescreening_goes_batch_by_batch_and_asks_again_who_did_not_answer() -> None:
    kept = current().does(BEGIN, progress(last=False, failed=["application-A000001"]))
    going_on = kept.opened.going_on
    assert going_on is not None
    assert (going_on.cases, going_on.failed, going_on.swept) == (3, ("application-A000001",), False)
    assert LIST.status(kept.opened).waiting_for == "service"
    kept.does(progress())
    assert kept.opened.going_on is not None
    assert kept.opened.going_on.swept
    kept.does(progress())
    assert isinstance(kept.events[-1], RescreeningCompleted)
    assert kept.opened.going_on is None
    found = kept.opened.rescreening
    assert found is not None
    assert (found.cases, found.parties, found.differing, found.failed) == (9, 27, 3, ())
    assert LIST.status(kept.opened).waiting_for == "nobody"


def test_a_rescreening_gives_up_cases_that_never_answer_and_names_them() -> None:
    kept = current().does(BEGIN)
    silent = ["application-A000001"]
    for _ in range(6):
        kept.does(progress(failed=silent))
    assert isinstance(kept.events[-1], RescreeningCompleted)
    assert kept.events[-1].failed == tuple(silent)
    assert LIST.status(kept.opened).waiting_for == "licensing_officer"


def test_another_version_begins_a_rescreening_of_its_own() -> None:
    kept = current().does(BEGIN, progress(last=False)).does(loading(SECOND))
    assert refused(kept.asked(progress(last=False))).code is RefusalCode.WRONG_STAGE
    kept.does(BEGIN)
    assert kept.opened.rescreening is not None
    assert (kept.opened.rescreening.number, kept.opened.rescreening.digest) == (2, SECOND)


def test_no_rescreening_begins_twice() -> None:
    assert refused(current().does(BEGIN).asked(BEGIN)).code is RefusalCode.WRONG_STAGE
