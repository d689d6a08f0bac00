"""A rule that governs a version of the control tables: its key says which; it is adopted, or taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.rule.acts import Act, ActKind, Affiliates, Certainty, Governed, Printed
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.commands import AttestAct, OpenRule, TakeBackAttestation
from greenlight.law.rule.refusals import RuleRefusal
from tests.law.decisions import code_of
from tests.law.rule.aggregates import NOW, OF_NOBODY, Kept

ISSUED = date(2025, 3, 1)
GOOD, OTHER = (Printed(issued=ISSUED, version="sha256:" + digit * 64) for digit in "ab")
KEY = "controls-2025-03-01-aaaaaaaaaaaa"


def act(kind: ActKind = ActKind.ADOPTED, effective: date = ISSUED, through: date | None = None) -> Act:
    return Act(
        kind=kind,
        citation="eCFR",
        effective=start_of_day(effective),
        valid_through=through,
        certainty=Certainty.PRIMARY,
        text="As printed.",
    )


def opening(governs: Governed, *acts: Act) -> OpenRule:
    return OpenRule(title="Control tables", governs=governs, acts=acts or (act(),))


def opened() -> Kept:
    return Kept(NOW, key=KEY).after(opening(GOOD))


def test_its_key_is_the_one_that_its_day_and_digest_give() -> None:
    assert GOOD.key == KEY
    state = opened().state
    assert state is not None
    assert state.governs == GOOD


@pytest.mark.parametrize(
    ("key", "governs"),
    [
        (KEY, OTHER),
        (KEY, GOOD.model_copy(update={"issued": date(2025, 3, 2)})),
        ("my-tables", GOOD),
        (KEY, Affiliates()),
        ("controls-2026-01-01-0123456789ab", Affiliates()),
    ],
    ids=["another version", "another day", "no such key", "no tables", "no tables, and no version"],
)
def test_no_other_rule_has_such_a_key(key: str, governs: Governed) -> None:
    """Who confirms it takes the key for what it says."""
    refused = Kept(NOW, key=key).asked(opening(governs))
    assert code_of(refused) is RuleRefusal.TABLES_OTHERWISE


def test_a_rule_of_another_kind_may_be_called_controls() -> None:
    assert not isinstance(Kept(NOW, key="controls-on-chips").asked(opening(OF_NOBODY)), Refusal)


DAY = timedelta(days=1)
OTHERWISE = [
    act(through=ISSUED + 9 * DAY),
    act(ActKind.WITHDRAWN, ISSUED + 900 * DAY),
    act(ActKind.SUSPENDED, ISSUED + 900 * DAY, ISSUED + 910 * DAY),
    act(ActKind.AMENDED),
]


@pytest.mark.parametrize("other", OTHERWISE, ids=lambda each: each.kind.value)
def test_it_is_adopted_and_never_ends_of_itself(other: Act) -> None:
    """Which tables are asked of a day is told by their days: no act on a version changes that later."""
    assert code_of(Kept(NOW, key=KEY).asked(opening(GOOD, act(), other))) is RuleRefusal.TABLES_OTHERWISE
    for kept in (opened().confirmed(), replace(opened().confirmed(), now=NOW + DAY)):
        assert code_of(kept.asked(AttestAct(act=other))) is RuleRefusal.TABLES_OTHERWISE


def test_it_is_taken_back_and_attested_again() -> None:
    back: Body = TakeBackAttestation(corrects=1, reasons="Another file.")
    again = opened().confirmed().after(back).confirmed().after(AttestAct(act=act())).confirmed()
    assert again.state is not None
    assert again.state.standing.in_force is True
    assert RULE.dossier(again.state)["governs"] == GOOD.model_dump(mode="json")
