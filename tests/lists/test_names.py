"""The reader of names: every form has an example that it meets, and no text takes long or is lost."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lists.form import Form
from lists.forms import FORMS
from lists.names import MAX_READ, Said, has_forms, reader, split, tidy
from lists.readings import READINGS
from screening.book import says_something
from screening.normalise import normalise

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
    ],
)
def test_a_name_with_words_like_those_of_a_form_is_one_name(name: str) -> None:
    found = said(name)
    assert [each.name for each in found.names] == [name]
    assert found.taken == []


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
    words = set(normalise(text).split())
    for named in (*found.names, *found.parents):
        assert set(normalise(named.name).split()) <= words | {""}
    if len(text) > MAX_READ:
        assert found.taken == []


@settings(deadline=None)
@given(st.text(max_size=20))
def test_a_name_says_something_where_anything_of_it_is_left(name: str) -> None:
    assert says_something(name) == bool(normalise(name))
