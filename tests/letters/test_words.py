from datetime import date

import pytest

from greenlight.letters.words import Sum, amount, breakable, day_in_words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 9, 1), "September 1, 2026"),
        (date(2028, 2, 29), "February 29, 2028"),
        (date(2999, 12, 31), "December 31, 2999"),
    ],
)
def test_a_day_is_written_in_words(day: date, words: str) -> None:
    assert day_in_words(day) == words


@pytest.mark.parametrize(
    ("minor_units", "currency", "text"),
    [
        (1, "USD", "USD 0.01"),
        (1_234_567_89, "USD", "USD 1,234,567.89"),
        (100_000_00, "EUR", "EUR 100,000.00"),
        (2**53 - 1, "USD", "USD 90,071,992,547,409.91"),
        (5_000, "JPY", "JPY 5,000"),
        (1_005, "KWD", "KWD 1.005"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(minor_units: int, currency: str, text: str) -> None:
    assert amount(Sum(minor_units=minor_units, currency=currency)) == text


def test_a_word_too_long_for_a_line_may_be_broken_and_is_otherwise_the_same() -> None:
    shown = breakable("short " + "x" * 100)
    assert shown.replace("\u200b", "") == "short " + "x" * 100
    assert max(len(part) for part in shown.split("\u200b")) <= 12
