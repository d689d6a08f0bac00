"""What lies upon a text leaves its last day alone, and what was issued later counts before the rest."""

from datetime import date, datetime

import pytest
from hypothesis import given

from greenlight.kernel.refusal import Refusal
from greenlight.law.rule.acts import Act, ActKind, Attestation
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.commands import AttestAct, TakeBackAttestation
from greenlight.law.rule.runs import runs
from greenlight.law.rule.standing import Force, Timeline
from greenlight.law.rule.worlds import contradictions, counting
from tests.law.rule.aggregates import LAST_DAY, of_2025, suspension
from tests.law.rule.cases import ADOPTED, SUSPENDED, act, at, attested, on
from tests.law.rule.test_standing import DAYS, OPEN, told

TEXT = {ActKind.ADOPTED, ActKind.AMENDED, ActKind.REINSTATED}


def said(number: int, kind: str, effective: str, through: str | None = None) -> Attestation:
    return attested(number, effective, act(kind, effective, through=through))


LICENSE = said(1, "adopted", "09-29", "11-28")


@pytest.mark.parametrize(
    ("later", "stands"),
    [
        (
            [said(2, "suspended", "10-10"), said(3, "reinstated", "10-20")],
            {"10-15": "suspended", "11-28": "in_force", "11-29": "ended", "2027-01-01": "ended"},
        ),
        (
            [said(2, "suspended", "11-10", "2026-11-09")],
            {"11-28": "suspended", "11-29": "ended", "2026-11-10": "ended"},
        ),
        (
            [said(2, "suspended", "11-10", "11-20")],
            {"11-20": "suspended", "11-21": OPEN, "11-29": "ended"},
        ),
        (
            [said(2, "suspended", "11-10", "2026-11-09"), said(3, "reinstated", "2026-11-10")],
            {"11-29": "ended", "2026-11-10": "ended"},
        ),
        ([said(2, "not_enforced", "10-10")], {"11-28": "not_enforced", "2026-11-10": "ended"}),
        # Another last day, before and after the first is over, and with a suspension upon it.
        (
            [said(2, "suspended", "11-10", "12-09"), said(3, "amended", "11-15", "2026-01-31")],
            {"11-29": "suspended", "12-10": OPEN, "2026-01-31": OPEN, "2026-02-01": "ended"},
        ),
        (
            [said(2, "amended", "12-10", "2026-01-31")],
            {"11-29": "ended", "12-10": "in_force", "2026-02-01": "ended"},
        ),
        ([said(2, "reinstated", "12-10")], {"11-29": "ended", "12-10": "in_force"}),
    ],
)
def test_a_general_license_ends_with_its_last_day_whatever_lies_upon_it(
    later: list[Attestation], stands: dict[str, str]
) -> None:
    timeline = Timeline([LICENSE, *later])
    assert {day: on(timeline, day) for day in stands} == stands


@pytest.mark.parametrize(
    ("later", "stands"),
    [
        ([SUSPENDED], {"2026-06-01": "suspended", "2026-11-09": "suspended", "2026-11-10": OPEN}),
        ([said(2, "not_enforced", "11-10")], {"2026-03-10": "not_enforced", "2026-06-01": "not_enforced"}),
        ([], {"2026-03-09": "in_force", "2026-03-10": "in_force"}),
    ],
)
def test_an_amendment_for_a_time_ends_neither_a_text_for_good_nor_what_lies_upon_it(
    later: list[Attestation], stands: dict[str, str]
) -> None:
    amended = said(3, "amended", "2026-01-10", "2026-03-09")
    timeline = Timeline([ADOPTED, *later, amended])
    assert {day: on(timeline, day) for day in stands} == stands
    ends = {run.number: run.end for run in runs([ADOPTED, *later, amended])}
    assert ends[3] == at("2026-03-10")


def published(act: Act, day: str) -> Act:
    return act.model_copy(update={"published": at(day)})


FIRST = act("suspended", "2026-11-10", through="2027-01-10")
LONGER = act("suspended", "2026-11-08", through="2027-11-09")


@pytest.mark.parametrize(
    "extensions",
    [
        [attested(3, "2026-11-05", FIRST), attested(4, "2026-11-08", LONGER)],
        # After the first is over, with effect from before it.
        [
            attested(3, "2026-11-05", published(FIRST, "2026-11-05")),
            attested(4, "2027-01-20", published(LONGER, "2027-01-20")),
        ],
        # Attested the other way round: the days on which they were issued are what matters.
        [
            attested(3, "2027-01-20", published(LONGER, "2027-01-20")),
            attested(4, "2027-01-21", published(FIRST, "2026-11-05")),
        ],
        # A return that was announced before the extension.
        [
            attested(3, "2026-11-05", published(act("reinstated", "2026-11-10"), "11-12")),
            attested(4, "2026-11-08", published(LONGER, "2026-11-08")),
        ],
    ],
)
def test_what_was_issued_before_a_suspension_does_not_cut_it_short(extensions: list[Attestation]) -> None:
    timeline = Timeline([ADOPTED, SUSPENDED, *extensions])
    days = ("2026-11-09", "2026-11-10", "2027-01-11", "2027-02-01", "2027-11-09")
    assert {on(timeline, day) for day in days} == {"suspended"}
    assert on(timeline, "2027-11-10") == OPEN


def test_one_that_was_issued_later_does() -> None:
    timeline = Timeline(
        [ADOPTED, said(2, "suspended", "2026-11-08", "2027-11-09"), attested(3, "2026-11-09", FIRST)]
    )
    assert on(timeline, "2027-01-10") == "suspended"
    assert on(timeline, "2027-01-11") == OPEN


def test_of_an_extended_last_day_the_one_that_was_issued_last_counts() -> None:
    earlier = attested(2, "10-05", published(act("amended", "11-28", through="12-31"), "10-05"))
    later = attested(3, "11-01", published(act("amended", "11-01", through="2026-06-30"), "11-01"))
    timeline = Timeline([LICENSE, earlier, later])
    assert [on(timeline, day) for day in ("2026-06-30", "2026-07-01")] == ["in_force", "ended"]


def test_a_correction_keeps_the_place_of_what_it_corrects() -> None:
    suspended = attested(2, "2026-01-10", act("suspended", "2026-01-10", through="2026-11-09", citation="S"))
    returned = attested(3, "2026-01-10", act("reinstated", "2026-01-10"))
    right = act("suspended", "2026-01-10", through="2026-11-08", citation="S")
    corrected = attested(4, "2026-02-01", right, corrects=2)
    again = attested(5, "2026-02-02", right, corrects=4)
    for more in ((), (corrected,), (corrected, again)):
        assert on(Timeline([ADOPTED, suspended, returned, *more]), "2026-02-03") == "in_force"


def test_a_correction_that_is_taken_back_corrects_nothing() -> None:
    misread = act("suspended", "11-10", through="12-31", citation="90 FR 50857")
    wrong = attested(3, "12-01", misread, corrects=2)
    back = attested(4, "12-10", None, corrects=3)
    right = attested(5, "12-20", act("suspended", "11-10", through="2026-11-08", citation="90 FR 50857"), 2)
    timeline = Timeline([ADOPTED, SUSPENDED, wrong, back, right])
    assert [on(timeline, "2026-01-01", known) for known in ("11-30", "12-01", "12-10", "12-20")] == [
        "suspended",
        OPEN,
        "suspended",
        "suspended",
    ]
    assert [on(timeline, "2026-11-09", known) for known in ("12-10", "12-20")] == ["suspended", OPEN]


def test_of_corrections_of_corrections_the_last_alone_is_taken_back() -> None:
    through = ["2026-11-09", "12-31", "2026-06-30"]
    said = [act("suspended", "11-10", through=day, citation="90 FR 50857") for day in through]
    chain = [attested(n, "11-10", each, n - 1 if n > 2 else None) for n, each in enumerate(said, 2)]
    assert [each.number for each in counting([ADOPTED, *chain])] == [1, 4]
    back = attested(5, "11-11", None, corrects=4)
    assert [each.number for each in counting([ADOPTED, *chain, back])] == [1, 3]
    again = attested(6, "11-12", None, corrects=3)
    assert [each.number for each in counting([ADOPTED, *chain, back, again])] == [1, 2]
    gone = attested(7, "11-13", None, corrects=2)
    assert [each.number for each in counting([ADOPTED, *chain, back, again, gone])] == [1]


def test_who_confirms_that_a_correction_is_taken_back_signs_what_counts_again() -> None:
    misread = AttestAct(act=suspension(effective=date(2025, 11, 10), through=date(2025, 12, 31)), corrects=2)
    corrected = of_2025().confirmed().after(misread)
    assert corrected.state is not None
    assert "counts_again" not in RULE.dossier(corrected.state)
    kept = corrected.confirmed().after(TakeBackAttestation(corrects=3, reasons="It was right."))
    assert kept.state is not None
    assert RULE.dossier(kept.state)["counts_again"] == [2]
    after = kept.confirmed()
    assert after.state is not None
    assert "counts_again" not in RULE.dossier(after.state)
    assert [each.number for each in counting(after.state.attestations)] == [1, 2]
    assert not isinstance(after.asked(misread), Refusal)
    (run,) = after.state.ending
    assert (run.number, run.through) == (2, LAST_DAY)


def test_of_two_of_one_instant_the_one_that_could_be_read_first_counts_first() -> None:
    returned = act("reinstated", "11-10").model_copy(update={"filed": at("11-10"), "published": at("11-14")})
    suspended = act("suspended", "11-10", through="2026-11-09").model_copy(update={"published": at("11-12")})
    timeline = Timeline([ADOPTED, attested(2, "11-14", suspended), attested(3, "11-14", returned)])
    assert on(timeline, "11-15") == "suspended"


@given(told(), DAYS)
def test_how_a_rule_stands_is_what_runs(attestations: list[Attestation], instant: datetime) -> None:
    if contradictions(attestations) > 1:
        return
    kinds = {each.number: each.act.kind for each in attestations if each.act is not None}
    timeline = Timeline(attestations)
    withdrawn = [start for start, each in timeline.changes() if Force.WITHDRAWN in each.forces]
    # What is attested of a rule after its withdrawal means nothing, and has its last day all the same.
    counts = [run for run in runs(attestations) if not any(start <= run.begin for start in withdrawn)]
    running = {kinds[run.number] for run in counts if run.begin <= instant < run.end}
    forces = timeline.at(instant).forces
    if forces <= {Force.WITHDRAWN, Force.NOT_ADOPTED}:
        # A text of which nobody attested that it was adopted may be amended.
        assert running <= {ActKind.AMENDED}
    elif forces <= {Force.ENDED}:
        assert not running & TEXT
    else:
        assert (forces == {Force.SUSPENDED}) == (ActKind.SUSPENDED in running)
        assert (forces == {Force.NOT_ENFORCED}) == (ActKind.NOT_ENFORCED in running)
        assert Force.IN_FORCE not in forces or len(forces) > 1 or running & TEXT
