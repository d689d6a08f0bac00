"""Who may do what with a license, until when, and what comes of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from greenlight.kernel.body import Body, decisions
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import (
    COMMANDS,
    AcceptConditions,
    ApproveTransfer,
    ConfirmListing,
    CorrectShipment,
    RefuseTransfer,
    Reinstate,
    Replace,
    ReportShipment,
    RequestTransfer,
    Revoke,
)
from greenlight.law.license.events import (
    ConditionsAccepted,
    LicenseReplaced,
    LicenseRevoked,
    LicenseSuspended,
    LicenseVoided,
    TransferApproved,
    TransferRefused,
)
from greenlight.law.license.refusals import LicenseRefusal
from greenlight.law.license.state import Stage
from greenlight.law.license.usage import Used
from tests.kernel.time.samples import washington
from tests.law import actors
from tests.law.application.cases import BEGIN, NUMBER, refused
from tests.law.decisions import accepted, code_of
from tests.law.license.cases import (
    ACCEPT,
    DENIED,
    NOTED,
    OTHER_NUMBER,
    POSSIBLE,
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

DECISIONS = decisions(COMMANDS)

CONDITIONAL = issued("No resale.")
EXPIRY = washington(2030, 9, 2, 0)
ISSUED_ON = date(2026, 9, 1)

TAKEN: dict[str, tuple[Licensed, Body]] = {
    "accept_conditions": (CONDITIONAL, AcceptConditions()),
    "report_shipment": (issued(), ReportShipment(shipment=shipment(ISSUED_ON))),
    "correct_shipment": (issued().shipped(), CorrectShipment(itn=itn(ISSUED_ON), reasons="It never left.")),
    "request_transfer": (issued(), TRANSFER),
    "accept_transfer": (issued().after(TRANSFER), ACCEPT),
    "approve_transfer": (issued().after(TRANSFER).after(ACCEPT), ApproveTransfer()),
    "refuse_transfer": (issued().after(TRANSFER), RefuseTransfer(reasons="No.")),
    "suspend": (issued(), SUSPEND),
    "reinstate": (issued().suspended(), Reinstate(reasons="Nothing was found.")),
    "revoke": (issued(), REVOKE),
    "void": (issued(), VOID),
    "replace": (issued(), REPLACE),
    "resolve_listing": (issued().found(POSSIBLE), DENIED),
    "note_license_flip": (issued().flipped(), NOTED),
    "confirm_listing": (issued().found(POSSIBLE).after(DENIED), ConfirmListing(party=1)),
}
"""For every command a license that takes it."""


def test_there_is_a_license_for_every_command() -> None:
    assert set(TAKEN) == set(COMMANDS)


@pytest.mark.parametrize("name", TAKEN)
@pytest.mark.parametrize("actor", actors.EVERYONE, ids=lambda actor: actor.officer)
def test_a_command_is_for_the_licensee_or_for_officers_of_one_role(name: str, actor: Actor) -> None:
    license_, body = TAKEN[name]
    code = code_of(license_.asked(body, actor))
    usual = SENDER[type(body)].role
    if actor.role is not usual:
        assert code is RefusalCode.WRONG_ROLE
    elif usual is Role.APPLICANT:
        ours = actor.organisation == SENDER[type(body)].organisation
        assert code is (None if ours else RefusalCode.NOT_THE_APPLICANT)
    else:
        acted = license_.opened.acted_for_licensee
        partial = actor.organisation in license_.opened.licensees or actor.person in acted
        own = (
            ApplicationRefusal.OWN_RESOLUTION
            if (name, actor) == ("confirm_listing", actors.OFFICER)
            else None
        )
        assert code is (RefusalCode.OWN_APPLICATION if partial else own)


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


@pytest.mark.parametrize(
    ("by", "counts"), [(actors.APPLICANTS_COLLEAGUE, True), (actors.OTHER_APPLICANT, False)]
)
def test_who_tried_to_act_for_the_licensee_decides_nothing(by: Actor, counts: bool) -> None:
    license_ = issued()
    command = license_.command(AcceptConditions(), by)
    refusal = license_.decides(command)
    assert isinstance(refusal, Refusal)
    tried = license_.with_events(refused(command, refusal, license_.now))
    officer = actors.OFFICER.model_copy(update={"person": by.person})
    assert code_of(tried.asked(SUSPEND, officer)) is (RefusalCode.OWN_APPLICATION if counts else None)
    assert tried.opened.model_copy(update={"acted_for_licensee": frozenset[str]()}) == license_.opened


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
    assert code_of(CONDITIONAL.accepted().asked()) is LicenseRefusal.NO_CONDITIONS


def test_conditions_can_be_accepted_until_the_license_expires() -> None:
    assert accepted(CONDITIONAL.at(EXPIRY - timedelta(microseconds=1)).asked())
    assert code_of(CONDITIONAL.at(EXPIRY).asked()) is RefusalCode.CASE_CLOSED
    assert CONDITIONAL.at(EXPIRY).advanced().opened.stage is Stage.EXPIRED


def test_conditions_are_accepted_before_the_first_use_and_riders_bind_nobody() -> None:
    report = ReportShipment(shipment=shipment(ISSUED_ON))
    assert code_of(CONDITIONAL.asked(report)) is LicenseRefusal.CONDITIONS_NOT_ACCEPTED
    held = CONDITIONAL.suspended()
    assert code_of(held.asked(report)) is LicenseRefusal.CONDITIONS_NOT_ACCEPTED
    later = CONDITIONAL.later(days=3).accepted()
    assert code_of(later.asked(report)) is LicenseRefusal.NOT_VALID_THEN
    assert accepted(later.asked(ReportShipment(shipment=shipment(later.today))))
    assert issued().opened.riders
    assert accepted(issued().asked(report))


# Transfer


def test_a_transfer_makes_the_transferee_the_licensee() -> None:
    license_ = issued().shipped().transferred()
    assert license_.opened.licensee == "rival-networks"
    assert license_.opened.former_licensee == "example-networks"
    assert isinstance(license_.events[-1], TransferApproved)
    report = ReportShipment(shipment=shipment(ISSUED_ON, number=2))
    assert code_of(license_.asked(report, actors.APPLICANT)) is RefusalCode.NOT_THE_APPLICANT
    assert license_.after(report, actors.OTHER_APPLICANT).used[1].quantity == 2
    cancel = CorrectShipment(itn=itn(ISSUED_ON), reasons="It never left.")
    assert license_.after(cancel, actors.OTHER_APPLICANT).used == {}


def test_a_license_is_transferred_once_at_most() -> None:
    back = RequestTransfer(transferee="example-networks", reasons="Sold back.")
    license_ = issued().transferred()
    assert code_of(license_.asked(back, actors.OTHER_APPLICANT)) is LicenseRefusal.ALREADY_TRANSFERRED


def test_a_refused_transfer_changes_nothing_and_may_be_asked_for_again() -> None:
    refused = issued().after(TRANSFER).after(RefuseTransfer(reasons="Abroad."))
    assert refused.opened.licensee == "example-networks"
    assert isinstance(refused.events[-1], TransferRefused)
    assert code_of(refused.asked(ApproveTransfer())) is LicenseRefusal.NO_TRANSFER_REQUESTED
    assert refused.transferred().opened.licensee == "rival-networks"


def test_one_transfer_is_asked_for_at_a_time_and_to_somebody_else() -> None:
    assert code_of(issued().after(TRANSFER).asked(TRANSFER)) is LicenseRefusal.TRANSFER_PENDING
    to_itself = RequestTransfer(transferee="example-networks", reasons="x")
    assert code_of(issued().asked(to_itself)) is RefusalCode.MALFORMED
    assert code_of(issued().asked(ApproveTransfer())) is LicenseRefusal.NO_TRANSFER_REQUESTED
    assert code_of(issued().asked(RefuseTransfer(reasons="x"))) is LicenseRefusal.NO_TRANSFER_REQUESTED


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
    [(issued().after(TRANSFER).suspended(), LicenseRefusal.SUSPENDED), (used_up(), LicenseRefusal.EXHAUSTED)],
    ids=["suspended", "used up"],
)
def test_what_is_suspended_or_used_up_is_neither_replaced_nor_transferred(
    license_: Licensed, code: Code
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
