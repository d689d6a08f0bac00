"""What the Temporal UI shows of a case, whatever stands in it."""

from datetime import UTC, datetime

from greenlight.kernel.aggregate import CommandRefused, Status
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.deadlines import Deadline
from workflows.details import details

HOSTILE = "<img src=x> [a](http://x) `code` *b* _i_ |\r\n# head \u202eydaeR & ~s~"
SHOWN = r"\<img src=x\> \[a\](http://x) \`code\` \*b\* \_i\_ \| \# head ‹U+202E›ydaeR \& \~s\~"
AT = datetime(2026, 9, 1, tzinfo=UTC)


def test_a_role_that_was_only_claimed_is_not_shown() -> None:
    status = Status(
        stage="review",
        waiting_for="licensing_officer",
        closed=False,
        due=None,
        outcome=None,
        officer=None,
        listed=None,
        license_number=None,
    )
    carla = Actor(officer="carla", person="person-carla", organisation="agency", role=Role.EXECUTIVE)
    refused = CommandRefused(
        at=AT,
        by=carla,
        command="sign_off",
        command_id="an-id-of-hers",
        code=RefusalCode.ROLE_NOT_HELD,
        message="carla does not hold the role executive",
    )
    shown = details("application-A000001", status, [], [refused], 1)
    assert "refused** (`role_not_held`) by carla" in shown
    assert "by carla (" not in shown
    early = refused.model_copy(update={"code": RefusalCode.WRONG_STAGE})
    shown = details("application-A000001", status, [], [early], 1)
    assert "by carla (executive)" in shown


def test_nothing_that_stands_in_a_case_is_markup() -> None:
    status = Status(
        stage="review",
        waiting_for="licensing_officer",
        closed=False,
        due=AT,
        outcome=None,
        officer=HOSTILE,
        listed=None,
        license_number=None,
    )
    deadline = Deadline(
        kind="x",
        label="X",
        started_at=AT,
        due=AT,
        citation="15 CFR 750.4(c)",
        explanation=f"15 CFR 750.4(c) {HOSTILE}",
    )
    refused = CommandRefused(
        at=AT, by=None, command=HOSTILE, command_id=None, code=RefusalCode.MALFORMED, message=HOSTILE
    )
    shown = details("application-A000001", status, [deadline], [refused], 1, notes=(HOSTILE,))
    assert shown.count(SHOWN) == 3
    assert rf"`15 CFR 750.4(c)` {SHOWN}" in shown
    ahead = details("application-A000001", status, [], [], 1, outlook=(HOSTILE,))
    assert f"- {SHOWN}" in ahead
    assert not [line for line in shown.splitlines() if line.startswith("# ")]
