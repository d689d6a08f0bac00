"""Results that are kept by the objects that they are of."""

from concurrent.futures import ThreadPoolExecutor

from greenlight.kernel.once import Latest, OncePerObject, once_per_object


def test_a_result_is_worked_out_once_for_an_object_and_anew_for_an_equal_one() -> None:
    asked: list[list[int]] = []

    @OncePerObject
    def total(of: list[int]) -> int:
        """Add up."""
        asked.append(of)
        return sum(of)

    first, equal = [1, 2], [1, 2]
    assert [total(first), total(equal), total(first)] == [3, 3, 3]
    assert [id(each) for each in asked] == [id(first), id(equal)]
    assert total.__doc__ == "Add up."


def test_it_is_of_all_objects_together() -> None:
    @OncePerObject
    def joined(one: str, other: str) -> str:
        return one + other

    a, b = "a", "b"
    assert [joined(a, b), joined(b, a), joined(a, b)] == ["ab", "ba", "ab"]


def test_an_object_that_took_the_place_of_one_that_is_gone_is_not_taken_for_it() -> None:
    @once_per_object(kept=2)
    def first(of: list[int]) -> int:
        return of[0]

    assert [first([number]) for number in range(1_000)] == list(range(1_000))


def test_only_the_latest_are_kept() -> None:
    latest = Latest[int, str](kept=2)
    for number in (1, 2, 3):
        latest.put(number, str(number))
    assert [latest.get(1), latest.get(2), latest.pop(3), latest.get(3)] == [None, "2", "3", None]


def test_threads_may_ask_at_once() -> None:
    @once_per_object(kept=3)
    def doubled(of: tuple[int]) -> int:
        return 2 * of[0]

    numbers = [(number,) for number in range(50)] * 100
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(doubled, numbers)) == [2 * number for (number,) in numbers]
