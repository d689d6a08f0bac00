"""Who may do what with a license, until when, and what comes of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from licensing.authority import Actor, Role
from licensing.decider import Body
from licensing.license.aggregate import LICENSE
from licensing.license.commands import (
    COMMANDS,
    DECISIONS,
    AcceptConditions,
    ApproveTransfer,
    CorrectShipment,
    RefuseTransfer,
    Reinstate,
    Replace,
    ReportShipment,
    RequestTransfer,
    Revoke,
)
from licensing.license.events import (
    ConditionsAccepted,
    ExhaustionLifted,
    LicenseExhausted,
    LicenseReplaced,
    LicenseRevoked,
    LicenseSuspended,
    LicenseVoided,
    ShipmentCorrected,
    ShipmentReported,
    TransferApproved,
    TransferRefused,
)
from licensing.license.state import Stage
from licensing.license.usage import ReportKind, Used
from licensing.refusal import RefusalCode
from tests.licensing import actors
from tests.licensing.application.cases import BEGIN, NUMBER
from tests.licensing.decisions import accepted, code_of
from tests.licensing.license.cases import (
    ALL,
    OTHER_NUMBER,
    REPLACE,
    REVOKE,
    SENDER,
    SUSPEND,
    TRANSFER,
    VOID,
    Licensed,
    issued,
    itn,
    shipment,
    used_up,
)
from tests.licensing.time.samples import washington

CONDITIONAL = issued("No resale.")
EXPIRY = washington(2030, 9, 2, 0)
ISSUED_ON = date(2026, 9, 1)
CUMULATIVE = ReportKind.CUMULATIVE

TAKEN: dict[str, tuple[Licensed, Body]] = {
    "accept_conditions": (CONDITIONAL, AcceptConditions()),
    "report_shipment": (issued(), ReportShipment(shipment=shipment(ISSUED_ON))),
    "correct_shipment": (issued().shipped(), CorrectShipment(itn=itn(ISSUED_ON), reasons="It never left.")),
    "request_transfer": (issued(), TRANSFER),
    "approve_transfer": (issued().after(TRANSFER), ApproveTransfer()),
    "refuse_transfer": (issued().after(TRANSFER), RefuseTransfer(reasons="No.")),
    "suspend": (issued(), SUSPEND),
    "reinstate": (issued().suspended(), Reinstate(reasons="Nothing was found.")),
    "revoke": (issued(), REVOKE),
    "void": (issued(), VOID),
    "replace": (issued(), REPLACE),
}
"""For every command a license that takes it."""


def _corrected(license_: Licensed, *lines: tuple[int, int, int], number: int = 1) -> Body:
    return CorrectShipment(
        itn=itn(ISSUED_ON, number),
        shipment=shipment(ISSUED_ON, *lines, number=number) if lines else None,
        reasons="A slip of the pen.",
    )


def test_there_is_a_license_for_every_command() -> None:
    assert set(TAKEN) == set(COMMANDS)


@pytest.mark.parametrize("name", TAKEN)
@pytest.mark.parametrize("actor", actors.EVERYONE, ids=lambda actor: actor.officer)
def test_a_command_is_for_the_licensee_or_for_officers_of_one_role(name: str, actor: Actor) -> None:
    license_, body = TAKEN[name]
    code = code_of(license_.asked(body, actor))
    usual = SENDER[type(body)].role
    asked_for = name.endswith("_transfer") and name != "request_transfer"
    if actor.role is not usual:
        assert code is RefusalCode.WRONG_ROLE
    elif usual is Role.APPLICANT:
        ours = actor.organisation == "example-networks"
        assert code is (None if ours else RefusalCode.NOT_THE_APPLICANT)
    else:
        acted = {"p-rivera"} if asked_for or license_.opened.shipments else set[str]()
        partial = actor.organisation == "example-networks" or actor.person in acted
        assert code is (RefusalCode.OWN_APPLICATION if partial else None)


@pytest.mark.parametrize("name", TAKEN)
def test_the_service_itself_sends_nothing(name: str) -> None:
    license_, body = TAKEN[name]
    command = replace(license_.command(body), by=None)
    assert code_of(license_.decides(command)) is RefusalCode.WRONG_ROLE


@pytest.mark.parametrize("name", sorted(set(TAKEN) - {"revoke", "void", "replace"}))
def test_nothing_begins_before_the_license_is_issued(name: str) -> None:
    assert code_of(Licensed().asked(TAKEN[name][1])) is RefusalCode.NO_SUCH_CASE


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_what_an_officer_decides_names_the_dossier_as_it_is(name: str) -> None:
    license_, body = TAKEN[name]
    command = license_.command(body)
    assert code_of(license_.decides(replace(command, dossier=None))) is RefusalCode.DOSSIER_MISSING
    changed = license_.decides(replace(command, dossier="sha256:" + "0" * 64))
    assert code_of(changed) is RefusalCode.DOSSIER_CHANGED
    assert accepted(license_.decides(command))


def test_officers_decide_and_licensees_do_not() -> None:
    assert {name for name, (_, body) in TAKEN.items() if SENDER[type(body)].role is not Role.APPLICANT} == (
        DECISIONS
    )


def test_a_shipment_does_not_outdate_a_revocation_that_is_signed() -> None:
    license_ = issued()
    signed = license_.command(REVOKE)
    assert accepted(license_.shipped().decides(signed))


def test_who_acted_for_the_applicant_or_any_licensee_decides_nothing() -> None:
    applied = issued(persons=frozenset({actors.APPLICANT.person}))
    insider = replace_role(actors.APPLICANT_AS_OFFICER, Role.EXECUTIVE)
    assert code_of(applied.asked(REVOKE, insider)) is RefusalCode.OWN_APPLICATION
    assert code_of(applied.asked(SUSPEND, actors.APPLICANT_AS_OFFICER)) is RefusalCode.OWN_APPLICATION
    reported = issued().shipped()
    assert code_of(reported.asked(SUSPEND, actors.APPLICANT_AS_OFFICER)) is RefusalCode.OWN_APPLICATION
    accepting = CONDITIONAL.accepted(actors.APPLICANTS_COLLEAGUE)
    assert code_of(accepting.asked(SUSPEND, actors.COLLEAGUE_AS_OFFICER)) is RefusalCode.OWN_APPLICATION
    transferred = reported.transferred()
    assert code_of(transferred.asked(SUSPEND, actors.APPLICANT_AS_OFFICER)) is RefusalCode.OWN_APPLICATION
    assert code_of(transferred.asked(SUSPEND, actors.APPLICANTS_OWN_OFFICER)) is RefusalCode.OWN_APPLICATION


def test_the_transferee_does_not_decide_on_the_transfer() -> None:
    theirs = actors.OFFICER.model_copy(update={"organisation": TRANSFER.transferee})
    asked = issued().after(TRANSFER)
    assert code_of(asked.asked(ApproveTransfer(), theirs)) is RefusalCode.OWN_APPLICATION
    refused = asked.after(RefuseTransfer(reasons="No."))
    assert code_of(refused.asked(SUSPEND, theirs)) is None


def replace_role(actor: Actor, role: Role) -> Actor:
    return actor.model_copy(update={"role": role})


# Conditions


def test_an_acceptance_says_who_and_when() -> None:
    (event,) = accepted(CONDITIONAL.later(days=3).asked(by=actors.APPLICANTS_COLLEAGUE))
    assert event == ConditionsAccepted(at=BEGIN + timedelta(days=3), by=actors.APPLICANTS_COLLEAGUE)
    assert CONDITIONAL.later(days=3).accepted().opened.accepted_at == BEGIN + timedelta(days=3)


def test_conditions_are_accepted_once() -> None:
    assert code_of(CONDITIONAL.accepted().asked()) is RefusalCode.NO_CONDITIONS


def test_conditions_can_be_accepted_until_the_license_expires() -> None:
    assert accepted(CONDITIONAL.at(EXPIRY - timedelta(microseconds=1)).asked())
    assert code_of(CONDITIONAL.at(EXPIRY).asked()) is RefusalCode.CASE_CLOSED
    assert CONDITIONAL.at(EXPIRY).advanced().opened.stage is Stage.EXPIRED


def test_conditions_are_accepted_before_the_first_use_and_riders_bind_nobody() -> None:
    report = ReportShipment(shipment=shipment(ISSUED_ON))
    assert code_of(CONDITIONAL.asked(report)) is RefusalCode.CONDITIONS_NOT_ACCEPTED
    held = CONDITIONAL.suspended()
    assert code_of(held.asked(report)) is RefusalCode.CONDITIONS_NOT_ACCEPTED
    later = CONDITIONAL.later(days=3).accepted()
    assert code_of(later.asked(report)) is RefusalCode.NOT_VALID_THEN
    assert accepted(later.asked(ReportShipment(shipment=shipment(later.today))))
    assert issued().opened.riders
    assert accepted(issued().asked(report))


# Shipments


def test_a_report_is_kept_as_it_came_and_counts() -> None:
    sent = shipment(ISSUED_ON, (1, 3, 30_000_00), (2, 1, 9_000_00))
    (event,) = accepted(issued().asked(ReportShipment(shipment=sent)))
    assert event == ShipmentReported(at=BEGIN, by=actors.APPLICANT, shipment=sent)
    assert issued().with_events(event).used == {1: Used(3, 30_000_00), 2: Used(1, 9_000_00)}


def test_the_same_itn_is_not_taken_twice_even_if_it_was_cancelled() -> None:
    reported = issued().shipped((1, 3, 1))
    again = ReportShipment(shipment=shipment(ISSUED_ON, (1, 3, 1)))
    assert code_of(reported.asked(again)) is RefusalCode.ALREADY_REPORTED
    cancelled = reported.after(_corrected(reported))
    assert cancelled.used == {}
    assert code_of(cancelled.asked(again)) is RefusalCode.ALREADY_REPORTED
    assert cancelled.after(_corrected(cancelled, (1, 2, 1))).used == {1: Used(2, 1)}


def test_a_corrected_report_replaces_the_earlier_one() -> None:
    reported = issued().shipped((1, 9, 1)).shipped((1, 1, 1), number=2)
    corrected = reported.after(_corrected(reported, (1, 2, 5), (2, 4, 6)))
    assert corrected.used == {1: Used(3, 6), 2: Used(4, 6)}
    assert isinstance(corrected.events[-1], ShipmentCorrected)
    assert code_of(reported.asked(_corrected(reported, (1, 10, 1)))) is RefusalCode.QUANTITY_EXCEEDED


def test_a_correction_is_of_something_on_file() -> None:
    assert code_of(issued().asked(_corrected(issued(), (1, 1, 1)))) is RefusalCode.UNKNOWN_SHIPMENT
    assert code_of(issued().asked(_corrected(issued()))) is RefusalCode.UNKNOWN_SHIPMENT


def test_a_correction_names_one_itn() -> None:
    with pytest.raises(ValueError, match="the one that is corrected"):
        CorrectShipment(itn=itn(ISSUED_ON, 2), shipment=shipment(ISSUED_ON), reasons="x")


@pytest.mark.parametrize("kind", ReportKind)
def test_what_is_yet_to_be_shipped_cannot_be_reported(kind: ReportKind) -> None:
    tomorrow = ISSUED_ON + timedelta(days=1)
    early = ReportShipment(shipment=shipment(tomorrow, kind=kind, shipped_on=ISSUED_ON))
    assert code_of(issued().asked(early)) is RefusalCode.NOT_SHIPPED_YET
    assert accepted(issued().later(days=1).asked(early))
    late = ReportShipment(shipment=shipment(ISSUED_ON, shipped_on=tomorrow))
    assert code_of(issued().asked(late)) is RefusalCode.NOT_SHIPPED_YET


def test_a_shipment_before_the_issue_is_not_under_the_license() -> None:
    before = ReportShipment(shipment=shipment(ISSUED_ON, shipped_on=ISSUED_ON - timedelta(days=1)))
    assert code_of(issued().asked(before)) is RefusalCode.NOT_VALID_THEN


def test_a_late_report_is_taken_of_what_was_shipped_in_time() -> None:
    expired = issued().at(EXPIRY + timedelta(days=30)).advanced()
    last = date(2030, 9, 1)
    reported = expired.after(ReportShipment(shipment=shipment(last, *ALL)))
    assert reported.opened.stage is Stage.EXPIRED
    assert reported.used == {1: Used(10, 100_000_00), 2: Used(10, 100_000_00)}
    after = ReportShipment(shipment=shipment(last + timedelta(days=1)))
    assert code_of(expired.asked(after)) is RefusalCode.NOT_VALID_THEN
    too_many = ReportShipment(shipment=shipment(last, (1, 11, 1)))
    assert code_of(expired.asked(too_many)) is RefusalCode.QUANTITY_EXCEEDED


@pytest.mark.parametrize("body", [REVOKE, REPLACE], ids=["revoked", "replaced"])
def test_nothing_is_shipped_after_the_day_on_which_a_license_ends(body: Body) -> None:
    ended = issued().later(days=10).after(body).later(days=5)
    day = ISSUED_ON + timedelta(days=10)
    assert accepted(ended.asked(ReportShipment(shipment=shipment(day))))
    after = ReportShipment(shipment=shipment(day + timedelta(days=1)))
    assert code_of(ended.asked(after)) is RefusalCode.NOT_VALID_THEN


def test_nothing_is_shipped_while_a_license_is_suspended() -> None:
    held = issued().later(days=10).suspended().later(days=5)
    lifted = held.reinstated().later(days=5)
    codes = {
        days: code_of(lifted.asked(ReportShipment(shipment=shipment(ISSUED_ON + timedelta(days=days)))))
        for days in (9, 10, 11, 14, 15, 16)
    }
    then = RefusalCode.NOT_VALID_THEN
    assert codes == {9: None, 10: None, 11: then, 14: then, 15: None, 16: None}
    assert code_of(held.asked(ReportShipment(shipment=shipment(held.today)))) is then
    assert accepted(held.asked(ReportShipment(shipment=shipment(ISSUED_ON))))


def test_a_correction_cannot_move_a_shipment_to_a_day_without_a_license() -> None:
    license_ = issued().shipped()
    moved = CorrectShipment(
        itn=itn(ISSUED_ON),
        shipment=shipment(ISSUED_ON, shipped_on=ISSUED_ON - timedelta(days=1)),
        reasons="x",
    )
    assert code_of(license_.asked(moved)) is RefusalCode.NOT_VALID_THEN


# Exhaustion


def test_the_shipment_of_the_last_unit_exhausts_the_license() -> None:
    license_ = issued().shipped((1, 10, 1), (2, 9, 1))
    assert license_.opened.stage is Stage.ACTIVE
    report = ReportShipment(shipment=shipment(ISSUED_ON, (2, 1, 1), number=2))
    _, event = accepted(license_.asked(report))
    assert event == LicenseExhausted(at=BEGIN)
    assert license_.after(report).opened.stage is Stage.EXHAUSTED


def test_the_value_alone_exhausts_nothing() -> None:
    license_ = issued().shipped((1, 9, 110_000_00), (2, 9, 110_000_00))
    assert license_.opened.stage is Stage.ACTIVE


def test_once_all_is_shipped_nothing_more_is_and_no_tolerance_helps() -> None:
    one_more = ReportShipment(shipment=shipment(ISSUED_ON, (1, 1, 1), number=9))
    assert code_of(used_up().asked(one_more)) is RefusalCode.QUANTITY_EXCEEDED


def test_a_shipment_that_a_total_has_covered_is_still_taken_on_record() -> None:
    total = issued().later(days=3).shipped(*ALL, kind=CUMULATIVE)
    single = ReportShipment(shipment=shipment(ISSUED_ON, (1, 4, 40_000_00)))
    late = total.after(single)
    early = issued().after(single).later(days=3).shipped(*ALL, kind=CUMULATIVE)
    assert late.used == early.used == total.used
    assert late.opened.shipments == early.opened.shipments
    assert late.opened.stage is early.opened.stage is Stage.EXHAUSTED


def test_a_correction_may_free_quantity_while_the_license_is_valid() -> None:
    license_ = used_up()
    _, lifted = accepted(license_.asked(_corrected(license_, (1, 3, 1))))
    assert lifted == ExhaustionLifted(at=BEGIN)
    freed = license_.after(_corrected(license_, (1, 3, 1)))
    assert freed.opened.stage is Stage.ACTIVE
    assert freed.shipped((1, 1, 1), number=7).opened.stage is Stage.EXHAUSTED
    assert license_.after(_corrected(license_, (1, 4, 9))).opened.stage is Stage.EXHAUSTED
    expired = license_.at(EXPIRY).advanced()
    assert expired.after(_corrected(expired, (1, 3, 1))).opened.stage is Stage.EXPIRED


def test_a_suspension_does_not_hide_that_all_is_shipped() -> None:
    rest = ReportShipment(shipment=shipment(ISSUED_ON, *ALL, kind=CUMULATIVE))
    held = issued().suspended().after(rest)
    assert held.opened.stage is Stage.SUSPENDED
    assert held.reinstated().opened.stage is Stage.EXHAUSTED
    assert isinstance(held.reinstated().events[-1], LicenseExhausted)
    freed = used_up().suspended()
    assert freed.after(_corrected(freed)).reinstated().opened.stage is Stage.ACTIVE


# Transfer


def test_a_transfer_makes_the_transferee_the_licensee() -> None:
    license_ = issued().shipped().transferred()
    assert license_.opened.licensee == "rival-networks"
    assert license_.opened.former_licensee == "example-networks"
    assert isinstance(license_.events[-1], TransferApproved)
    report = ReportShipment(shipment=shipment(ISSUED_ON, number=2))
    assert code_of(license_.asked(report, actors.APPLICANT)) is RefusalCode.NOT_THE_APPLICANT
    assert license_.after(report, actors.OTHER_APPLICANT).used[1].quantity == 2
    assert license_.after(_corrected(license_), actors.OTHER_APPLICANT).used == {}


def test_a_license_is_transferred_once_at_most() -> None:
    back = RequestTransfer(transferee="example-networks", reasons="Sold back.")
    license_ = issued().transferred()
    assert code_of(license_.asked(back, actors.OTHER_APPLICANT)) is RefusalCode.ALREADY_TRANSFERRED


def test_a_refused_transfer_changes_nothing_and_may_be_asked_for_again() -> None:
    refused = issued().after(TRANSFER).after(RefuseTransfer(reasons="Abroad."))
    assert refused.opened.licensee == "example-networks"
    assert isinstance(refused.events[-1], TransferRefused)
    assert code_of(refused.asked(ApproveTransfer())) is RefusalCode.NO_TRANSFER_REQUESTED
    assert refused.transferred().opened.licensee == "rival-networks"


def test_one_transfer_is_asked_for_at_a_time_and_to_somebody_else() -> None:
    assert code_of(issued().after(TRANSFER).asked(TRANSFER)) is RefusalCode.TRANSFER_PENDING
    to_itself = RequestTransfer(transferee="example-networks", reasons="x")
    assert code_of(issued().asked(to_itself)) is RefusalCode.MALFORMED
    assert code_of(issued().asked(ApproveTransfer())) is RefusalCode.NO_TRANSFER_REQUESTED
    assert code_of(issued().asked(RefuseTransfer(reasons="x"))) is RefusalCode.NO_TRANSFER_REQUESTED


def test_an_approval_is_of_the_transfer_that_was_read() -> None:
    asked = issued().after(TRANSFER)
    signed = asked.command(ApproveTransfer())
    other = RequestTransfer(transferee="somebody-else", reasons="Another buyer.")
    again = asked.after(RefuseTransfer(reasons="No.")).after(other)
    assert code_of(again.decides(signed)) is RefusalCode.DOSSIER_CHANGED


# Ends


def test_a_suspension_and_a_revocation_say_why_and_under_which_order() -> None:
    (suspended,) = accepted(issued().asked(SUSPEND))
    assert suspended == LicenseSuspended(at=BEGIN, by=actors.OFFICER, reasons=SUSPEND.reasons, order=None)
    (revoked,) = accepted(issued().asked(REVOKE))
    assert revoked == LicenseRevoked(at=BEGIN, by=actors.EXECUTIVE, reasons="Diversion.", order="order-7")
    state = issued().after(REVOKE).opened
    assert state.end is not None
    assert (state.end.order, state.end.reasons, state.end.at) == ("order-7", "Diversion.", BEGIN)


def test_a_revocation_in_bulk_is_one_for_each_license_under_one_order() -> None:
    revoke = Revoke(reasons="The licensee was listed.", order="listing-2026-11")
    several = [issued(), issued().shipped(), issued("No resale."), issued().suspended(), used_up()]
    ended = [license_.after(revoke).opened for license_ in several]
    assert {(state.stage, state.end and state.end.order) for state in ended} == {
        (Stage.REVOKED, "listing-2026-11")
    }
    expired = issued().at(EXPIRY)
    assert code_of(expired.asked(revoke)) is RefusalCode.CASE_CLOSED


def test_validity_runs_on_while_a_license_is_suspended() -> None:
    held = issued().suspended()
    assert held.at(EXPIRY).advanced().opened.stage is Stage.EXPIRED
    assert code_of(held.at(EXPIRY).asked(Reinstate(reasons="x"))) is RefusalCode.CASE_CLOSED


def test_a_false_statement_voids_a_license_even_after_its_end() -> None:
    (event,) = accepted(issued().asked(VOID))
    assert event == LicenseVoided(at=BEGIN, by=actors.EXECUTIVE, statement=VOID.statement)
    voided = issued().at(EXPIRY).advanced().after(VOID)
    assert voided.opened.stage is Stage.VOID
    assert voided.opened.last_day == date(2030, 9, 1)
    report = ReportShipment(shipment=shipment(ISSUED_ON))
    assert code_of(voided.asked(report)) is RefusalCode.CASE_CLOSED


def test_a_replaced_license_names_the_other_and_is_kept() -> None:
    (event,) = accepted(issued().asked(REPLACE))
    assert event == LicenseReplaced(
        at=BEGIN, by=actors.OFFICER, by_license=OTHER_NUMBER, change="Another consignee."
    )
    replaced = issued().shipped().after(REPLACE)
    assert replaced.opened.end is not None
    assert replaced.opened.end.by_license == OTHER_NUMBER
    assert replaced.used == {1: Used(1, 10_000_00)}
    itself = Replace(by_license=NUMBER, change="x")
    assert code_of(issued().asked(itself)) is RefusalCode.MALFORMED


@pytest.mark.parametrize("body", [REVOKE, VOID, REPLACE], ids=lambda body: type(body).__name__)
def test_a_license_that_was_ended_expires_no_more(body: Body) -> None:
    ended = issued().after(body)
    assert LICENSE.deadlines(ended.opened) == ()
    assert ended.at(EXPIRY).advanced().events == ended.events


@pytest.mark.parametrize(
    ("license_", "code"),
    [(issued().after(TRANSFER).suspended(), RefusalCode.SUSPENDED), (used_up(), RefusalCode.EXHAUSTED)],
    ids=["suspended", "used up"],
)
def test_what_is_suspended_or_used_up_is_neither_replaced_nor_transferred(
    license_: Licensed, code: RefusalCode
) -> None:
    for body in (REPLACE, TRANSFER, ApproveTransfer()):
        assert code_of(license_.asked(body)) is code


# Retention


def test_records_are_kept_for_five_years_from_the_end_or_its_decision() -> None:
    assert issued().opened.retained_through == date(2035, 9, 1)
    revoked = issued().shipped().later(days=30).after(REVOKE)
    assert revoked.opened.retained_through == date(2031, 10, 1)
    assert issued().at(EXPIRY).advanced().opened.retained_through == date(2035, 9, 1)
    voided_late = issued().at(EXPIRY + timedelta(days=400)).advanced().after(VOID)
    assert voided_late.opened.retained_through == date(2036, 10, 7)
