"""A case is given only to somebody who can work it, as the register has it."""

from dataclasses import replace

import pytest

from greenlight.kernel.need import Facts, Need
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Assign
from greenlight.law.application.needs import RolesOf
from greenlight.law.application.refusals import ApplicationRefusal
from tests.law.application.cases import in_review
from tests.law.decisions import accepted, told

LEE = Assign(officer="lee")


def test_the_register_is_asked() -> None:
    case = in_review()
    need = case.decides(replace(case.command(LEE), facts=Facts()))
    assert isinstance(need, Need)
    assert need == RolesOf("lee")


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        (None, RefusalCode.UNKNOWN_OFFICER),
        (frozenset[Role](), ApplicationRefusal.CANNOT_WORK_CASE),
        (frozenset({Role.COUNTERSIGNER, Role.EXECUTIVE}), ApplicationRefusal.CANNOT_WORK_CASE),
    ],
)
def test_nobody_else_is_given_a_case(roles: frozenset[Role] | None, code: Code) -> None:
    case = in_review()
    refused = case.decides(told(case.command(LEE), {RolesOf: roles}))
    assert isinstance(refused, Refusal)
    assert refused.code is code
    assert "lee" in refused.message


def test_a_licensing_officer_is_given_a_case() -> None:
    case = in_review()
    both = frozenset({Role.LICENSING_OFFICER, Role.COUNTERSIGNER})
    (event,) = accepted(case.decides(told(case.command(LEE), {RolesOf: both})))
    assert getattr(event, "officer", None) == "lee"
