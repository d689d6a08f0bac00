import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.legible import code, legible, with_unseen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Harbour\u202eydaeR", "Harbour‹U+202E›ydaeR"),
        ("\x1b[31mred", "‹U+001B›[31mred"),
        ("\x00\x07\x7f\x9b", "‹U+0000›‹U+0007›‹U+007F›‹U+009B›"),
        ("One.\r\nTwo.\rThree.\tFour.\n", "One.\nTwo.‹U+000D›Three.\tFour.\n"),
        ("\ufeffA\u00ad\u200b\u2060\u2066\u2069", "‹U+FEFF›A‹U+00AD›‹U+200B›‹U+2060›‹U+2066›‹U+2069›"),
        ("one\u2028two\u2029three", "one‹U+2028›two‹U+2029›three"),
        ("\u3164\u115f\u2800", "‹U+3164›‹U+115F›‹U+2800›"),
        ("\U000e0041", "‹U+E0041›"),
        ("\ud800", "‹U+D800›"),
        # Spelling of their languages: Persian, Hindi, an emoji of a family.
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("Ac\u200cme \u200dЖ", "Ac‹U+200C›me ‹U+200D›Ж"),
        ("\u200d", "‹U+200D›"),
        # And these are seen.
        ("[red]x[/red] `a|b` <b> Øre 公司 ‹U+202E›", "[red]x[/red] `a|b` <b> Øre 公司 ‹U+202E›"),
    ],
)
def test_what_is_not_seen_is_shown_by_its_code(text: str, shown: str) -> None:
    assert legible(text) == shown


@given(st.text())
def test_it_is_the_same_text_however_often_and_has_no_control_characters(text: str) -> None:
    shown = legible(text)
    assert legible(shown) == shown
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t"]


@given(st.text(alphabet="a\u202e\u200c\u0627\r\n[‹›"))
def test_nothing_else_is_changed(text: str) -> None:
    assert json.loads(with_unseen(json.dumps(text, ensure_ascii=False), lambda c: f"\\u{ord(c):04x}")) == text
    assert with_unseen(text, lambda c: c) == text
    assert code("\u202e") not in legible(text.replace("\u202e", "").replace("‹", ""))
