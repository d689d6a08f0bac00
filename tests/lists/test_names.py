"""The reader of names: every form has an example that it meets, and no text takes long or is lost."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenlight.lists.form import Form
from greenlight.lists.forms import FORMS
from greenlight.lists.names import MAX_READ, Said, has_forms, reader, split, tidy
from greenlight.lists.readings import READINGS
from greenlight.screening.book import says_something
from greenlight.screening.normalise import folded_words, normalise

ALL = (*FORMS, *READINGS)


def said(text: str, within: str = "name", *, untyped: bool = True) -> Said:
    found = Said()
    reader(within, untyped=untyped).read(tidy(text), found)
    return found


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.title)
def test_a_form_is_met_by_its_example(form: Form) -> None:
    within = "name" if form.within == "either" else form.within
    found = said(form.example, within)
    assert form.title in [taken.form for taken in found.taken]
    assert found.names or found.scope
    # Where no sign is, nothing is looked for.
    assert has_forms(f"; {form.example}", untyped=True)
    if form.untyped:
        assert form.title not in [taken.form for taken in said(form.example, within, untyped=False).taken]


@pytest.mark.parametrize(
    "name",
    [
        "AKA LARKMOOR SERVICES, S. DE R.L. DE C.V.",
        "VEXLER, Otto",
        "Larkmoor (Lutz) Co., Ltd.",
        "Import and Export Units of Zubrowka",
        "Academy of Sciences, Institute of Quill",
        "K.A. Vexler Institute",
        "Zubrowka Including Works",
        "VEXLER FREE ZONE ENTITY",
        "Larkmoor and Associates",
        "Larkmoor Alias Systems Inc",
        "AKA Works",
    ],
)
def test_a_name_with_words_like_those_of_a_form_is_one_name(name: str) -> None:
    found = said(name)
    assert [each.name for each in found.names] == [name]
    assert found.taken == []


def names(text: str, within: str = "name") -> list[str]:
    return [each.name for each in said(text, within).names]


@pytest.mark.parametrize("text", ["Quillbrook; a.k.a Larkmoor", "Quillbrook a/k/a Larkmoor"])
def test_of_single_words_each_is_a_name_and_both_may_be_one(text: str) -> None:
    assert names(text) == ["Quillbrook", "Larkmoor", "Quillbrook Larkmoor"]


def test_single_words_may_be_more_than_two() -> None:
    assert names("Quillbrook; a.k.a. Larkmoor; a.k.a. Duskmoor") == [
        "Quillbrook",
        "Larkmoor",
        "Duskmoor",
        "Quillbrook Duskmoor",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Quillbrook Works Co., Ltd. (China)",
        "Quillbrook Works (Private)",
        "Larkmoor Dredging (Group) Co., Ltd.",
        "Quillbrook Works Company (Limited Partnership)",
        "Quillbrook Works Company of the 28th Institute (Lutzow)",
        "QUILLBROOK WORKS CO LTD (LUTZOW)",
        "Quillbrook Works (Shenzhen Branch)",
        "Group (Quillbrook Works)",
    ],
)
def test_what_says_nothing_of_anybody_is_no_name_of_its_own(text: str) -> None:
    inside = text.partition("(")[2].partition(")")[0]
    found = names(text)
    assert found[0] == text
    assert inside == "Quillbrook Works" or inside not in found
    assert "Group" not in found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Quillbrook Modern Optical Research Institute (QMORI)", "QMORI"),
        ("QUILLBROOK MODERN OPTICAL RESEARCH INSTITUTE (QMORI)", "QMORI"),
        ("Quillbrook Technologies Co., Ltd. (Quillbrook)", "Quillbrook"),
        ("LMW (Larkmoor Modern Works)", "Larkmoor Modern Works"),
        ("QUILLBROOK TRADING CO LTD (17TH INSTITUTE)", "17TH INSTITUTE"),
        ("Sanaye Quillbrook Arman Ertebat Nemad Company (SAEN CO.)", "SAEN CO."),
        ("Electronic Computing and Information Works (ELVIS)", "ELVIS"),
        ("OAQ (OPTICAL ASSOCIATES, INC)", "OPTICAL ASSOCIATES, INC"),
    ],
)
def test_what_says_who_it_is_is_a_name(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Quillbrook Ltd dba Larkmoor Ltd",
        "Quillbrook Ltd DBA Larkmoor Ltd",
        "Quillbrook Ltd AKA: Larkmoor Ltd",
        "Quillbrook Ltd aka Larkmoor Ltd",
        "Quillbrook Ltd, nka Larkmoor Ltd",
        "Quillbrook Ltd nka Larkmoor Ltd",
        "Quillbrook Ltd t/a Larkmoor Ltd",
        "Quillbrook Ltd trading as Larkmoor Ltd",
        "Quillbrook Ltd now known as Larkmoor Ltd",
        "Quillbrook Ltd alias Larkmoor Ltd",
        "Quillbrook Ltd (trading as Larkmoor Ltd)",
        "Quillbrook Ltd, a.k.a., the following alias: Larkmoor Ltd",
    ],
)
def test_another_name_is_told_by_any_mark(text: str) -> None:
    for within in ("name", "alias"):
        assert names(text, within) == ["Quillbrook Ltd", "Larkmoor Ltd"]


def test_names_behind_one_mark_are_names_each() -> None:
    assert names("Quillbrook Ltd., a.k.a., the following two aliases: Larkmoor Works; and Dusk Works.") == [
        "Quillbrook Ltd.",
        "Larkmoor Works",
        "Dusk Works.",
    ]
    assert names("a.k.a., the following two aliases: Larkmoor Works", "alias") == ["Larkmoor Works"]
    assert names("AKA: Larkmoor Works", "alias") == ["Larkmoor Works"]


@pytest.mark.parametrize(
    "reach",
    ["Quillbrook Ltd, its successors and assigns", "Quillbrook Ltd (and its affiliates)"],
)
def test_how_far_a_listing_reaches_is_no_name(reach: str) -> None:
    found = said(reach)
    assert [each.name for each in found.names] == ["Quillbrook Ltd"]
    assert len(found.scope) == 1
    assert said("its successors and assigns", "alias").names == []


def test_the_parts_of_a_field_are_tidy_and_none_is_empty() -> None:
    assert list(split("A;B; C;; \xa0D\xa0 E ;, ;")) == ["A", "B", "C", "D E"]


texts = st.lists(
    st.sampled_from([f"{bit} " for form in ALL for bit in (*form.example.split(), *form.signs)]), max_size=300
).map("".join)


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from(["name", "alias"]))
def test_any_text_is_read_in_no_time_and_every_name_is_out_of_it(text: str, within: str) -> None:
    began = time.process_time()
    found = said(text, within)
    assert time.process_time() - began < 1
    words = set(folded_words(text))
    for named in (*found.names, *found.parents):
        assert set(folded_words(named.name)) <= words
    if len(text) > MAX_READ:
        assert found.taken == []


@settings(deadline=None)
@given(st.text(max_size=20))
def test_a_name_says_something_where_anything_of_it_is_left(name: str) -> None:
    assert says_something(name) == bool(normalise(name))
