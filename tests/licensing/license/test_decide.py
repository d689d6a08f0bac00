"""Who accepts the conditions of a license, and until when."""

from datetime import timedelta

import pytest

from licensing.authority import Actor, Role
from licensing.license.events import ConditionsAccepted
from licensing.license.state import Stage
from licensing.refusal import RefusalCode
from tests.licensing import actors
from tests.licensing.application.cases import BEGIN
from tests.licensing.decisions import accepted, code_of
from tests.licensing.license.cases import issued
from tests.licensing.time.samples import washington

CONDITIONAL = issued("No resale.")
EXPIRY = washington(2030, 9, 2, 0)


@pytest.mark.parametrize("actor", actors.EVERYONE, ids=lambda actor: actor.officer)
def test_the_licensee_alone_accepts(actor: Actor) -> None:
    code = code_of(CONDITIONAL.asked(actor))
    if actor.role is not Role.APPLICANT:
        assert code is RefusalCode.WRONG_ROLE
    elif actor.organisation != "example-networks":
        assert code is RefusalCode.NOT_THE_APPLICANT
    else:
        assert code is None


def test_the_service_itself_accepts_nothing() -> None:
    assert code_of(CONDITIONAL.asked(None)) is RefusalCode.WRONG_ROLE


def test_an_acceptance_says_who_and_when() -> None:
    (event,) = accepted(CONDITIONAL.later(days=3).asked(actors.APPLICANTS_COLLEAGUE))
    assert event == ConditionsAccepted(at=BEGIN + timedelta(days=3), by=actors.APPLICANTS_COLLEAGUE)
    assert CONDITIONAL.later(days=3).accepted().opened.accepted_at == BEGIN + timedelta(days=3)


def test_conditions_are_accepted_once() -> None:
    assert code_of(CONDITIONAL.accepted().asked()) is RefusalCode.NO_CONDITIONS


def test_conditions_can_be_accepted_until_the_license_expires() -> None:
    assert accepted(CONDITIONAL.at(EXPIRY - timedelta(microseconds=1)).asked())
    assert code_of(CONDITIONAL.at(EXPIRY).asked()) is RefusalCode.CASE_CLOSED
    assert CONDITIONAL.at(EXPIRY).advanced().opened.stage is Stage.EXPIRED
