"""License determination at the command line. No service runs."""

import pytest
from pydantic import JsonValue

from tests.cli.conftest import Terminal
from tests.cli.test_procedure import done

HUAWEI = "Huawei Technologies Co., Ltd."


def ask(*words: str, party: str = "Some Company", to: str = "CN", item: str = "5A991") -> tuple[str, ...]:
    return ("determine", "--item", item, "--to", to, "--party", party, *words)


def owned(share: str, *words: str) -> tuple[str, ...]:
    return ask("--end-use", "none", "--owner", f"{HUAWEI}={share}", *words)


@pytest.mark.parametrize(
    ("words", "outcome", "code"),
    [
        (ask("--end-use", "none"), "not_required", 0),
        (ask(), "cannot_determine", 1),
        (ask("--end-use", "none", "--end-use", "prohibited_end_use=yes"), "required", 0),
        (ask("--end-use", "none", to="IR"), "cannot_determine", 1),
        (ask(item="5A002.a"), "required", 0),
        (ask("--end-use", "none", party=f"ultimate_consignee={HUAWEI}@HK"), "required", 0),
        (ask("--end-use", "none", party="!!!"), "cannot_determine", 1),
        (owned("49.99%", "--date", "2025-10-15"), "not_required", 0),
        (owned("50", "--date", "2025-10-15"), "required", 0),
        (owned("?", "--date", "2025-10-15"), "cannot_determine", 1),
        (owned("50", "--date", "2026-08-01"), "not_required", 0),
        (owned("50", "--date", "2026-08-01", "--known-at", "2025-11-08"), "required", 0),
        (owned("50", "--date", "2026-12-01"), "cannot_determine", 1),
    ],
)
async def test_an_answer_and_its_exit_code(
    terminal: Terminal, words: tuple[str, ...], outcome: str, code: int
) -> None:
    said = await terminal.starter(*words, "--json")
    assert said.code == code, said.err
    answer: JsonValue = said.json
    assert isinstance(answer, dict)
    assert answer["outcome"] == outcome


async def test_the_answer_says_by_which_cell_and_which_listing_and_what_was_not_asked(
    terminal: Terminal,
) -> None:
    said = await done(terminal, *ask("--end-use", "none", "--all", party=HUAWEI, item="5A002.a"))
    for told in (
        "A license is required: 5A002.a to CN, by the tables of 2026-07-23",
        "NS applies to entire entry: NS Column 1. (NS 1: X)",
        "huawei-technologies",
        "84 FR 22961",
        "Presumption of denial",
        "None: ",
        "Open besides:",
        "§ 742.15",
        "General Prohibition Ten was asked about",
        "Listings on other lists than entity-list-huawei",
    ):
        assert told in said.out


async def test_what_nobody_knows_is_said_with_what_would_settle_it_and_what_waives_it_with_its_last_day(
    terminal: Terminal,
) -> None:
    said = await terminal.starter(*owned("60", "--date", "2026-12-01"))
    assert said.code == 1
    assert "in force again, as the law was last seen" in said.out
    assert "still suspended, if the suspension was extended past 9 Nov 2026" in said.out
    assert "settled by a notice that extends 90 FR 50857" in said.out

    waived = await done(
        terminal,
        *ask("--end-use", "none", "--owner", f"{HUAWEI}=60", "--date", "2025-10-15", to="DE", item="EAR99"),
    )
    assert "waived by Temporary General License No. 7: it is in force through 28 Nov 2025" in waived.out
    older = await done(terminal, *ask("--end-use", "none", "--date", "2026-11-20", to="DE", item="0A501.a"))
    assert "the tables of 2026-07-23 are older than this amendment" in older.out


@pytest.mark.parametrize(
    ("venture", "told"),
    [
        (
            (),
            "settled by whether the end user Some Company is a joint venture, and where it is headquartered",
        ),
        (("--joint-venture", "?"), "settled by where the end user Some Company is headquartered"),
        (
            ("--joint-venture", "US"),
            "waived by Temporary General License No. 7, for a joint venture, headquartered in US, provided"
            " that its other side is headquartered in such a country, too, and is owned by no listed entity:"
            " it is in force through 28 Nov 2025",
        ),
        (("--joint-venture", "CN"), "the end user Some Company is a joint venture, headquartered in CN"),
        (("--joint-venture", "no"), "it covers joint ventures, and the end user Some Company is none"),
    ],
)
async def test_a_joint_venture_is_asked_about_and_what_is_not_said_of_it_is_told(
    terminal: Terminal, venture: tuple[str, ...], told: str
) -> None:
    said = await done(terminal, *owned("60", "--date", "2025-10-15", *venture))
    assert "A license is required" in said.out, said.out
    assert told in said.out
    assert ("settled by" in said.out) is (venture in ((), ("--joint-venture", "?")))


@pytest.mark.parametrize(("day", "told"), [("2026-01-14", False), ("2026-01-15", True)])
async def test_the_policy_of_review_is_said_with_its_citation_and_what_to_certify(
    terminal: Terminal, day: str, told: bool
) -> None:
    words = ask("--end-use", "none", "--date", day, item="3A090.a")
    said = await done(terminal, *words)
    policy = "Case by case, with certifications of the exporter (91 FR 1684 (unverified))"
    assert (policy in said.out) is told
    assert ("to be certified: As the rule says" in said.out) is told
    answer = (await done(terminal, *words, "--json")).json
    assert isinstance(answer, dict)
    review = answer["review"]
    assert isinstance(review, list)
    assert [each["rule"] for each in review if isinstance(each, dict)] == ["chips-2026"] * told
    before = await done(terminal, *words, "--known-at", "2026-01-13")
    assert "Case by case" not in before.out


async def test_a_party_that_was_listed_later_is_told_so(terminal: Terminal) -> None:
    said = await done(terminal, *ask("--end-use", "none", "--date", "1999-01-01", party=HUAWEI))
    assert "No license is required" in said.out
    assert "the name of huawei-technologies, which is not listed until 2019-05-16, 16:15 EDT" in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (ask(item="5A99"), "items 1, classification: is no classification: write five"),
        (ask(item="EAR99.a"), "EAR99 has no subparagraphs"),
        (ask(to="China"), "--to: China: is no country code of ISO 3166-1: write CN (China)"),
        (ask(to="UK"), "write GB (United Kingdom)"),
        (ask(to="EU"), "is no country: give the member state's code"),
        (ask(party="Acme@ROC"), "country: is no country code of ISO 3166-1: write TW"),
        (ask("--end-use", "maybe"), "restricted_transit: "),
        (ask("--owner", "Somebody"), "give NAME=PERCENT"),
        (
            ask("--owner", "Somebody=101"),
            "--owner Somebody=101: give NAME=PERCENT, such as Huawei=51, 100 at most",
        ),
        (ask("--party", "Another", "--owner", "Somebody=50"), "give one party"),
        (ask("--party", "Another", "--joint-venture", "DE"), "--joint-venture: give one party"),
        (ask("--joint-venture", "Germany"), "--joint-venture: Germany: is no country code of ISO 3166-1"),
        (ask("--tables", "nowhere"), "cannot be read"),
    ],
)
async def test_what_cannot_be_asked(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    said = await terminal.starter(*words)
    assert said.code == 2
    assert told in said.err
