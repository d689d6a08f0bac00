"""Names against names, and one name against the whole official list.

The list is a download of others and no part of the project: `GREENLIGHT_CSL` names the file, and without it
what needs the list is left out, and said to be.
"""

import csv
import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.lists import FILE
from cli.output import err
from lists.read import read_list
from reference.listings import load_listings
from screening import Kind, compare
from screening.candidates import Candidates
from screening.kinds import kinds
from screening.tokens import prepare

LABELLED = Path(__file__).parents[1] / "tests" / "screening" / "labelled"
ROUNDS = 7
SEED = 2026
CHANGED, INVENTED, RECALLED = 500, 100, 60

SHORT = {
    "limited": "Ltd",
    "company": "Co",
    "corporation": "Corp",
    "international": "Intl",
    "technology": "Tech",
    "technologies": "Tech",
    "trading": "Trdg",
    "institute": "Inst",
    "industries": "Ind",
    "general": "Gen",
}


def measure() -> dict[str, float]:
    """Of pairs: microseconds and how well they are told apart. Of the list: milliseconds for a name, what the
    index finds of all that a comparison with every name finds, and seconds for the index."""
    figures = _pairs()
    path = os.environ.get(FILE)
    if path is None:
        err.print(
            f"left out, as {FILE} names no official list: screen_name_median_ms, screen_name_p99_ms, "
            "index_recall, index_build_s"
        )
        return figures
    return figures | _whole_list(Path(path))


def _labelled(name: str) -> list[dict[str, str]]:
    with (LABELLED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _pairs() -> dict[str, float]:
    pairs = _labelled("organisations")
    found = [compare(pair["first"], pair["second"]).match for pair in pairs]
    wanted = [pair["match"] == "yes" for pair in pairs]
    right = sum(match and asked for match, asked in zip(found, wanted, strict=True))
    return {
        "screening_precision": right / sum(found),
        "screening_f1": 2 * right / (sum(found) + sum(wanted)),
        "compare_us": min(_microseconds(pairs, lambda: None) for _ in range(ROUNDS)),
        "compare_cold_us": min(_microseconds(pairs, prepare.cache_clear) for _ in range(ROUNDS)),
    }


def _microseconds(pairs: Sequence[Mapping[str, str]], before: Callable[[], None]) -> float:
    """The median of one pass."""
    taken: list[float] = []
    for pair in pairs:
        before()
        began = time.perf_counter()
        compare(pair["first"], pair["second"])
        taken.append((time.perf_counter() - began) * 1e6)
    return statistics.median(taken)


def _whole_list(path: Path) -> dict[str, float]:
    names: defaultdict[Kind, list[str]] = defaultdict(list)
    for kind, name in _names(path):
        names[kind].append(name)
    began = time.perf_counter()
    index = [Candidates(of_kind, kind) for kind, of_kind in names.items()]
    built = time.perf_counter() - began
    asked = _asked([name for of_kind in names.values() for name in of_kind])
    # The best of three for each name: what else the machine does is no part of the figure.
    taken = sorted(min(_milliseconds(index, name) for _ in range(3)) for name in asked)
    return {
        "index_build_s": built,
        "screen_name_median_ms": statistics.median(taken),
        "screen_name_p99_ms": taken[len(taken) * 99 // 100],
        "index_recall": _recall(index, random.Random(SEED).sample(asked, RECALLED)),
    }


def _names(path: Path) -> Iterator[tuple[Kind, str]]:
    today = datetime.now(UTC).date()
    book = read_list(path.read_bytes(), list_id="csl", retrieved=today, shipped=load_listings()).book
    for listing in book.listings:
        for name in (listing.name, *(alias.name for alias in listing.aliases)):
            for kind in kinds(name, listing.kind):
                yield kind, name


def _asked(listed: Sequence[str]) -> list[str]:
    """Listed names misspelt, abbreviated or reordered; the labelled names; and names that nobody has."""
    chance = random.Random(SEED)
    changes = (_misspelt, _abbreviated, _reordered)
    changed = [chance.choice(changes)(name, chance) for name in chance.sample(listed, CHANGED)]
    labelled = [pair["first"] for of in ("organisations", "people", "vessels") for pair in _labelled(of)]
    return [*changed, *labelled, *(_invented(chance) for _ in range(INVENTED))]


def _misspelt(name: str, chance: random.Random) -> str:
    words = name.split()
    at = max(range(len(words)), key=lambda place: len(words[place]))
    word, letter = words[at], chance.randrange(len(words[at]))
    exchanged = word[:letter] + word[letter : letter + 2][::-1] + word[letter + 2 :]
    other = word[:letter] + chance.choice("aeiourstln") + word[letter + 1 :]
    words[at] = chance.choice((word[:letter] + word[letter + 1 :], exchanged, other))
    return " ".join(words)


def _abbreviated(name: str, _: random.Random) -> str:
    return " ".join(SHORT.get(word.lower().strip(".,"), word) for word in name.split())


def _reordered(name: str, chance: random.Random) -> str:
    words = name.split()
    chance.shuffle(words)
    return " ".join(words)


def _invented(chance: random.Random) -> str:
    syllables = "ba ro ne ki lu ta mo si ve ra do pi zan kor lem tur".split()
    words = ["".join(chance.choices(syllables, k=3)).title() for _ in range(2)]
    return " ".join([*words, chance.choice(("Trading", "Shipping", "Technology", ""))])


def _similar(index: Sequence[Candidates], name: str) -> int:
    return sum(len(candidates.similar(name)) for candidates in index)


def _milliseconds(index: Sequence[Candidates], name: str) -> float:
    began = time.perf_counter()
    _similar(index, name)
    return (time.perf_counter() - began) * 1000


def _recall(index: Sequence[Candidates], asked: Sequence[str]) -> float:
    wanted = found = 0
    for name in asked:
        for candidates in index:
            wanted += len(candidates.everyone(name))
            found += len(candidates.similar(name))
    return found / wanted
