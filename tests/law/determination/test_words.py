"""The list's own words: to which paragraphs a control applies, and for which destinations it requires one."""

import pytest

from greenlight.law.determination.requirement import OPEN, requirement_of
from greenlight.law.determination.scope import NOT_UNDERSTOOD, path_of, scope_of
from greenlight.law.determination.tables import Destination

COLUMNS = frozenset({"NS 1", "NS 2", "AT 1", "NP 1", "RS 1"})


@pytest.mark.parametrize(
    ("text", "within", "without", "either"),
    [
        ("NS applies to entire entry", [".a", ".y", None], [], []),
        ("AT applies to the entire entry.", [".a", None], [], []),
        ("NP applies to entire entry AT applies to entire entry", [None], [], []),
        ("RS applies entire entry", [None], [], []),
        ("CB applies to entire entry CB Column 2.", [None], [], []),
        ("Russian industry sector sanctions apply to entire entry", [None], [], []),
        ("NS applies to entire entry except 5A001.y", [".a", ".x.y"], [".y", ".y.1"], [None]),
        ("NS applies to entire entry, except .e, .x, and .y", [".a"], [".e", ".x.1", ".y"], [None]),
        ("NS applies to entire entry, except 5A001. b and .y", [".a"], [".b", ".y"], [None]),
        (
            "NS applies to entire entry, except .a.1",
            [".a.2", ".a.10", ".b"],
            [".a.1", ".a.1.b"],
            [".a", None],
        ),
        ("RS applies 5A001.y", [".y"], [".x"], [None]),
        ("RS apply to 5A001.d", [".d.1"], [".e"], [None]),
        ("RS applies to paragraph .i", [".i"], [".j"], [None]),
        ("RS applies to paragraph c", [".c"], [".d"], [None]),
        ("FC applies to paragraphs .a, .b, and .i of this entry", [".a", ".i"], [".h"], [None]),
        ("NP applies to 5A001.a.3.f only", [".a.3.f"], [".a.3.e"], [".a", ".a.3"]),
        ("RS applies to items controlled by 5A001.z.1", [".z.1.a"], [".z.2"], [".z"]),
        ("NS applies to 5A001 .g, .r, and .w", [".g", ".w"], [".h"], [None]),
        ("NS applies to 5A001.a.1 to a.3, b, g to j", [".a.2", ".b", ".h"], [".a.4", ".k", ".c"], [".a"]),
        ("SI applies to 5A001.a.1 through a.8, .h", [".a.8", ".h"], [".a.9", ".a.10"], [None]),
        (
            "NS applies to 5A001.b (except .b.5), .c, .f (except f.3)",
            [".b.4", ".c"],
            [".b.5", ".f.3"],
            [".b"],
        ),
    ],
)
def test_a_scope(text: str, within: list[str], without: list[str], either: list[str | None]) -> None:
    scope = scope_of("5A001", text)
    assert [scope.applies(path_of(each)) for each in within] == [True] * len(within)
    assert [scope.applies(path_of(each)) for each in without] == [False] * len(without)
    assert [scope.applies(path_of(each)) for each in either] == [None] * len(either)


@pytest.mark.parametrize(
    "text",
    [
        "NS applies to shotguns with a barrel length less than 18 inches (45.72 cm)",
        "NS applies to entire entry except “software” for 5A001.y",
        "NS applies to entire entry except 4A001.y",
        "NS applies to 4A001.y",
        "MT applies to 5A001.a and .b for items that meet or exceed the parameters in 1C111.",
        "MT applies to entire entry, except 5A001.d.4, e and f. Note: MT applies to equipment in 5A001.d",
        "NP applies, unless a License Exception is available.",
        "NS applies to 5A001.a to b.3",
        "NS applies to 5A001.j to g",
        "NS applies to entire entry except 5A001.a (except .a.1)",
        "",
    ],
)
def test_what_is_said_in_other_words_is_not_understood_and_may_apply_to_anything(text: str) -> None:
    scope = scope_of("5A001", text)
    assert scope == NOT_UNDERSTOOD
    assert scope.applies(()) is None
    assert scope.applies(("a",)) is None


def place(code: str, *marks: str, groups: str = "", row: bool = True) -> Destination:
    return Destination(code, code, frozenset(marks) if row else None, frozenset(groups.split()))


FRANCE, CHINA, MACAU = place("FR", "NS 1"), place("CN", "NS 1", groups="D:5"), place("MO")
CANADA, IRAN, ISRAEL = place("CA"), place("IR", groups="D:5 E:1", row=False), place("IL", groups="D:4 A:6")
EMIRATES = place("AE", groups="D:4 A:5")


@pytest.mark.parametrize(
    ("text", "yes", "no", "unknown"),
    [
        ("NS Column 1.", [FRANCE, CHINA], [CANADA], [IRAN]),
        ("NP Column 1 AT Column 1", [], [FRANCE], [IRAN]),
        ("NS Column 1, See § 742.6(a)(3) for license requirements.", [FRANCE], [], [CANADA]),
        ("XX Column 1", [], [], [FRANCE]),
        ("Column 1.", [], [], [FRANCE]),
        ("China, Russia, or Venezuela (see § 742.6(a)(7)).", [CHINA], [FRANCE, IRAN], []),
        ("Worldwide control. See § 742.4(a)(5) and (b)(10) of the EAR.", [FRANCE, CANADA, IRAN], [], []),
        ("To or within any destination worldwide, see § 742.6", [CANADA], [], []),
        (
            "A license is required for ALL destinations, except Canada, regardless of end use.",
            [IRAN],
            [CANADA],
            [],
        ),
        (
            "To or within Macau or a destination specified in Country Group D:5 of supplement no. 1 to"
            " part 740 of the EAR. See § 742.6(a)(6) of the EAR.",
            [MACAU, CHINA, IRAN],
            [],
            [FRANCE],
        ),
        (
            "To or within the United Arab Emirates or destinations specified in Country Groups D:1, D:4, and"
            " D:5 of supplement no. 1 to part 740 of the EAR, excluding any destination also specified in"
            " Country Groups A:5 or A:6. See § 742.6(a)(6)(iii)(B) of the EAR.",
            [EMIRATES, CHINA],
            [],
            [FRANCE, ISRAEL],
        ),
        (
            "A license is required for items controlled by this entry for export or reexport to Iraq or"
            " Pakistan or transfer within Iraq or Pakistan for regional stability reasons.",
            [place("IQ"), place("PK")],
            [CHINA],
            [],
        ),
        ("See § 746.1(b) for UN controls.", [], [], [FRANCE, IRAN]),
        ("N/A.", [], [], [CANADA]),
    ],
)
def test_a_requirement(
    text: str, yes: list[Destination], no: list[Destination], unknown: list[Destination]
) -> None:
    requirement = requirement_of(text, COLUMNS)
    if text.startswith("A license is required for items"):
        full = (
            f"{text} The Commerce Country Chart is not designed to determine RS license requirements for this"
        )
        assert requirement_of(f"{full} entry. See § 742.6(a)(12) of the EAR.", COLUMNS) != OPEN
        requirement = requirement_of(f"{full} entry. See § 742.6(a)(12) of the EAR.", COLUMNS)
    assert [requirement.needs(each) for each in yes] == [True] * len(yes)
    assert [requirement.needs(each) for each in no] == [False] * len(no)
    assert [requirement.needs(each) for each in unknown] == [None] * len(unknown)
