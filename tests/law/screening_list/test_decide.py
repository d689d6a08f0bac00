"""Versions of the list: loaded, held for a second officer, confirmed, too old; and rescreened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.commands import (
    COMMANDS,
    INTERNAL,
    BeginRescreening,
    ConfirmAgeLimit,
    DiscardList,
    OpenList,
    ProposeAgeLimit,
)
from greenlight.law.screening_list.content import ContentOf, StandingList
from greenlight.law.screening_list.events import RescreeningCompleted
from greenlight.law.screening_list.refusals import ListRefusal
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
    confirmation,
    content,
    current,
    empty,
    held,
    loading,
    old,
    progress,
    refused,
)

CONFIRM = confirmation(SECOND)
DISCARD = DiscardList(digest=SECOND, reasons="Cut off on the way.")
BEGIN = BeginRescreening(pending=3)

LONGER, SHORTER = ProposeAgeLimit(max_age_days=60), ProposeAgeLimit(max_age_days=20)


def limit(days: int) -> ConfirmAgeLimit:
    return ConfirmAgeLimit(max_age_days=days, reasons="It changes every month.")


CASES: dict[Stage | None, tuple[Callable[[], Kept], ...]] = {
    None: (Kept,),
    Stage.EMPTY: (empty, lambda: empty().does(LONGER)),
    Stage.CURRENT: (
        current,
        lambda: current().does(LONGER),
        lambda: current().does(BEGIN),
        lambda: current().does(BEGIN, progress()),
    ),
    Stage.HELD: (
        held,
        lambda: held().does(LONGER),
        lambda: held(current()),
        lambda: held(old()),
        lambda: held(current().does(BEGIN)),
    ),
    Stage.OLD: (old, lambda: old().does(LONGER), lambda: old().does(SHORTER)),
}


def bodies(name: str, kept: Kept) -> tuple[Body, ...]:
    samples: tuple[Body, ...] = (
        OPEN,
        loading(SECOND, agency_today(kept)),
        CONFIRM,
        DISCARD,
        LONGER,
        limit(60),
        limit(20),
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
                if isinstance(cell, Code):
                    assert refused(decision).code is cell
                elif isinstance(decision, tuple):
                    kept.add(decision)
                    reached.add(kept.opened.stage)
                else:
                    # A rescreening that is not due, or not of that number; a limit that was not proposed.
                    none = (
                        ListRefusal.NOTHING_HELD if name == "confirm_age_limit" else RefusalCode.WRONG_STAGE
                    )
                    assert refused(decision).code is none
    if not isinstance(cell, Code):
        assert reached == cell


def test_every_stage_has_a_cell_for_every_command() -> None:
    assert set(TRANSITIONS) == {None, *Stage}
    assert all(set(row) == {*COMMANDS, *INTERNAL} for row in TRANSITIONS.values())


def test_there_is_one_list() -> None:
    command: Command[Body] = Command(key="other", body=OPEN, by=OFFICER)
    assert refused(LIST.decide(None, command, NOW)).code is RefusalCode.MALFORMED


def test_a_version_that_only_adds_is_current_at_once_and_stands() -> None:
    kept = current()
    assert kept.opened.standing == StandingList(
        key="csl", title=OPEN.title, digest=FIRST, retrieved=TODAY, max_age_days=30
    )
    assert kept.opened.stage is Stage.CURRENT
    assert kept.opened.rescreening_due
    assert kept.does(loading(SECOND)).opened.digest == SECOND


def test_one_officer_alone_brings_in_no_first_version() -> None:
    kept = empty().does(loading())
    assert (kept.opened.stage, kept.opened.standing) == (Stage.HELD, None)
    assert refused(kept.asked(confirmation(), OFFICER)).code is ListRefusal.OWN_VERSION
    kept.does(confirmation(), by=OTHER_OFFICER)
    assert kept.opened.digest == FIRST


@pytest.mark.parametrize("what", ["removed", "renamed"])
def test_one_officer_alone_takes_nobody_off_the_list(what: str) -> None:
    kept = current()
    setattr(kept, what, 1)
    kept.does(loading(SECOND))
    assert (kept.opened.stage, kept.opened.digest) == (Stage.HELD, FIRST)
    same_person = OTHER_OFFICER.model_copy(update={"person": OFFICER.person})
    assert refused(kept.asked(CONFIRM, same_person)).code is ListRefusal.OWN_VERSION
    kept.does(CONFIRM, by=OTHER_OFFICER)
    assert kept.opened.digest == SECOND


def test_other_bytes_than_the_second_officer_has_confirm_nothing() -> None:
    kept = current()
    kept.removed = 1
    kept.does(loading(SECOND))
    for source in ("fetched", "published"):
        other = confirmation(FIRST).model_copy(update={"source": source})
        assert refused(kept.asked(other, OTHER_OFFICER)).code is ListRefusal.DIGEST_DIFFERS
        same = other.model_copy(update={"digest": SECOND})
        decision = kept.asked(same, OTHER_OFFICER)
        assert isinstance(decision, tuple)
        assert decision[0].model_dump()["source"] == source


# Age limits


def test_who_opens_the_list_sets_no_limit_alone() -> None:
    kept = Kept().does(OpenList(title="A list", max_age_days=3_650))
    assert kept.opened.max_age_days == 30
    assert refused(kept.asked(limit(3_650))).code is ListRefusal.OWN_VERSION
    kept.does(limit(3_650), by=OTHER_OFFICER)
    assert kept.opened.max_age_days == 3_650


def test_an_age_limit_takes_two_officers() -> None:
    kept = current().does(LONGER)
    assert kept.opened.max_age_days == 30
    assert LIST.status(kept.opened.model_copy(update={"sweeps": 0})).waiting_for == "service"
    assert refused(kept.asked(limit(60))).code is ListRefusal.OWN_VERSION
    assert refused(kept.asked(limit(20), OTHER_OFFICER)).code is ListRefusal.NOTHING_HELD
    kept.does(limit(60), by=OTHER_OFFICER)
    assert (kept.opened.max_age_days, kept.opened.proposed_limit) == (60, None)
    (due,) = LIST.deadlines(kept.opened)
    assert due.due == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert refused(kept.asked(limit(60), OTHER_OFFICER)).code is ListRefusal.NOTHING_HELD


def test_the_last_limit_that_was_proposed_counts() -> None:
    kept = current().does(LONGER).does(SHORTER, by=OTHER_OFFICER)
    assert refused(kept.asked(limit(60), OTHER_OFFICER)).code is ListRefusal.NOTHING_HELD
    assert refused(kept.asked(limit(20), OTHER_OFFICER)).code is ListRefusal.OWN_VERSION
    assert kept.does(limit(20)).opened.max_age_days == 20


def test_a_longer_limit_has_a_version_say_something_again() -> None:
    kept = old().does(LONGER).does(limit(60), by=OTHER_OFFICER)
    assert (kept.opened.stage, kept.opened.sweeps) == (Stage.CURRENT, 2)


def test_a_limit_by_which_the_current_version_were_too_old_already_waits_for_a_younger_one() -> None:
    kept = current().passes(25).does(SHORTER)
    assert refused(kept.asked(limit(20), OTHER_OFFICER)).code is ListRefusal.LIST_TOO_OLD


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
        ListRefusal.LIST_UNREADABLE,
        "no file is stored under that digest",
    )


def test_a_doubtful_version_changes_nothing_until_another_person_confirms_it() -> None:
    kept = held(current())
    assert kept.opened.digest == FIRST
    assert refused(kept.asked(CONFIRM, OFFICER)).code is ListRefusal.OWN_VERSION
    same_person = OTHER_OFFICER.model_copy(update={"person": OFFICER.person})
    assert refused(kept.asked(CONFIRM, same_person)).code is ListRefusal.OWN_VERSION
    assert refused(kept.asked(confirmation(FIRST), OTHER_OFFICER)).code is ListRefusal.DIGEST_DIFFERS
    kept.does(CONFIRM, by=OTHER_OFFICER)
    assert kept.opened.digest == SECOND
    assert kept.opened.held is None
    assert kept.opened.current is not None
    assert kept.opened.current.confirmed_by == OTHER_OFFICER


def test_a_discarded_version_leaves_what_was_current() -> None:
    wrong = DiscardList(digest=FIRST, reasons="That one.")
    assert refused(held(current()).asked(wrong)).code is ListRefusal.DIGEST_DIFFERS
    kept = held(current()).does(DISCARD)
    assert (kept.opened.digest, kept.opened.held, kept.opened.sweeps) == (FIRST, None, 1)


def test_only_licensing_officers_keep_the_list() -> None:
    assert refused(Kept().asked(OPEN, EXECUTIVE)).code is RefusalCode.WRONG_ROLE
    assert refused(empty().asked(loading(), EXECUTIVE)).code is RefusalCode.WRONG_ROLE


def test_the_same_file_again_changes_nothing_unless_it_was_downloaded_later() -> None:
    kept = current()
    assert refused(kept.asked(loading())).code is ListRefusal.ALREADY_CURRENT
    kept.passes(10).does(loading(FIRST, TODAY + timedelta(days=10)))
    assert kept.opened.sweeps == 1
    assert kept.opened.current is not None
    assert kept.opened.current.retrieved == TODAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (1, RefusalCode.MALFORMED),
        (-31, ListRefusal.LIST_TOO_OLD),
    ],
)
def test_a_file_from_the_future_or_from_long_ago_is_refused(days: int, code: Code) -> None:
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
    assert refused(kept.asked(CONFIRM, OTHER_OFFICER)).code is ListRefusal.LIST_TOO_OLD


def test_a_rescreening_goes_batch_by_batch_and_asks_again_who_did_not_answer() -> None:
    kept = current().does(BEGIN, progress(last=False, failed=["application-A000001"]))
    going_on = kept.opened.going_on
    assert going_on is not None
    assert (going_on.cases, going_on.failed, going_on.swept) == (3, ("application-A000001",), False)
    assert LIST.status(kept.opened).waiting_for == "service"
    kept.does(progress(batch=2))
    assert kept.opened.going_on is not None
    assert kept.opened.going_on.swept
    kept.does(progress(batch=3))
    assert isinstance(kept.events[-1], RescreeningCompleted)
    assert kept.opened.going_on is None
    found = kept.opened.rescreening
    assert found is not None
    assert (found.cases, found.parties, found.differing, found.failed) == (9, 27, 3, ())
    assert LIST.status(kept.opened).waiting_for == "nobody"


def test_a_rescreening_gives_up_cases_that_never_answer_and_names_them() -> None:
    kept = current().does(BEGIN)
    silent = ["application-A000001"]
    for batch in range(1, 7):
        kept.does(progress(batch=batch, failed=silent))
    assert isinstance(kept.events[-1], RescreeningCompleted)
    assert kept.events[-1].failed == tuple(silent)
    assert LIST.status(kept.opened).waiting_for == "licensing_officer"


def test_a_batch_that_is_on_record_is_not_recorded_again() -> None:
    """Whatever the second telling says: cases may have changed meanwhile."""
    kept = current().does(BEGIN, progress(last=False))
    for again in (progress(last=False), progress(), progress(last=False, failed=["application-A000001"])):
        assert refused(kept.asked(again)).code is RefusalCode.WRONG_STAGE
    assert refused(kept.asked(progress(batch=3))).code is RefusalCode.WRONG_STAGE


def test_another_version_begins_a_rescreening_of_its_own() -> None:
    kept = current().does(BEGIN, progress(last=False)).does(loading(SECOND))
    assert refused(kept.asked(progress(batch=2, last=False))).code is RefusalCode.WRONG_STAGE
    kept.does(BEGIN)
    assert kept.opened.rescreening is not None
    assert (kept.opened.rescreening.number, kept.opened.rescreening.digest) == (2, SECOND)


def test_no_rescreening_begins_twice() -> None:
    assert refused(current().does(BEGIN).asked(BEGIN)).code is RefusalCode.WRONG_STAGE
