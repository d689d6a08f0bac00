"""What is told of a case in facts: instants in Washington's time, and names of ours as words."""

import re
import sys
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from greenlight.cli.base.output import print_facts
from greenlight.cli.cases.facts import facts_of, plain, uncut
from greenlight.law.rule.acts import Act, ActKind, Certainty, GeneralLicense
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.commands import AttestAct
from tests.law.rule.aggregates import Kept, of_2025, opening_of

_SNAKE = re.compile(r"[a-z]+_[a-z]")
_UTC = re.compile(r"\dT\d|\dZ")


def not_enforced(effective: datetime) -> Act:
    return Act(
        kind=ActKind.NOT_ENFORCED,
        citation="90 FR 60000",
        published=datetime(2025, 11, 20, 13, 45, tzinfo=UTC),
        effective=effective,
        certainty=Certainty.SECOND_HAND,
        text="Announced on the agency's pages.",
    )


def waiting() -> Kept:
    act = not_enforced(datetime(2025, 11, 24, 5, tzinfo=UTC))
    return of_2025().confirmed().after(AttestAct(act=act))


@pytest.mark.parametrize(
    "kept", [of_2025(), of_2025().confirmed(), waiting()], ids=["opened", "stands", "waits"]
)
def test_a_rule_is_told_in_words_and_in_the_time_of_washington(kept: Kept) -> None:
    told = facts_of(RULE, kept.state)
    raw = {
        name: value for name, value in told.items() if value and (_SNAKE.search(value) or _UTC.search(value))
    }
    assert not raw


def test_what_waits_for_a_second_officer_is_told_member_by_member() -> None:
    told = facts_of(RULE, waiting().state)
    assert told["waiting for"] == "licensing officer"
    assert told["due"] == "2026-10-26 00:00 EDT"
    assert (told["waiting act 3"] or "").split("\n") == [
        "kind: not enforced",
        "citation: 90 FR 60000",
        "published: 2025-11-20 08:45 EST",
        "effective: 2025-11-24 00:00 EST",
        "certainty: second hand",
        "text: Announced on the agency's pages.",
    ]


def test_the_number_to_confirm_and_the_words_of_what_waits_are_told_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = waiting()
    assert kept.state is not None
    assert kept.state.held is not None
    long = kept.state.held.acts[0].model_copy(update={"text": "It says more. " * 40 + "And this at last."})
    held = kept.state.held.model_copy(update={"acts": (long,)})
    told = facts_of(RULE, kept.state.model_copy(update={"held": held}))
    assert (told["waiting NUMBER"] or "").startswith("3,")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    print_facts(told, short=True, used=1, whole=uncut(told))
    assert "And this at last." in " ".join(capsys.readouterr().out.split())


def test_what_a_general_license_is_about_is_told_in_words() -> None:
    governs = GeneralLicense(rule="affiliates", countries=frozenset({"AE"}), otherwise="Joint ventures.")
    state = of_2025().state
    assert state is not None
    told = facts_of(RULE, state.model_copy(update={"governs": governs}))
    assert told["governs kind"] == "general license"


def test_how_it_stands_is_told_in_words() -> None:
    act = not_enforced(datetime(2025, 12, 1, tzinfo=UTC))
    kept = Kept(datetime(2025, 12, 1, 15, tzinfo=UTC)).after(opening_of(act)).confirmed()
    assert facts_of(RULE, kept.state)["force"] == "not enforced"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2025-11-10T05:00:00Z", "2025-11-10 00:00 EST"),
        # Who signs for an instant sees all of it.
        ("2025-11-10T05:00:59Z", "2025-11-10 00:00:59 EST"),
        (
            {"effective": "2026-07-04T04:00:00+00:00", "text": "on_its_own"},
            "effective 2026-07-04 00:00 EDT, text on_its_own",
        ),
        (["2025-11-10", None, True], "2025-11-10; –; yes"),
    ],
)
def test_an_instant_within_a_value_is_told_as_such(value: JsonValue, told: str) -> None:
    assert plain(value) == told
