"""What stands under a key, against a dictionary that has the same."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from greenlight.screening.postings import PackedPostings

KEYS = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 3) | st.integers(2**40 - 2, 2**40 + 1)


@given(st.lists(KEYS, max_size=300), st.lists(KEYS, max_size=20))
def test_every_place_stands_under_its_key_in_order(keys: list[int], others: list[int]) -> None:
    postings, expected = PackedPostings(), defaultdict[int, list[int]](list)
    for place, key in enumerate(keys):
        postings.add(key, place)
        # Of a key 40 bits count.
        expected[key % 2**40].append(place)
    postings.put_in_order()
    for key in (*keys, *others):
        assert list(postings.at(key)) == expected.get(key % 2**40, [])
