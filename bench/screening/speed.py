"""One name, and a batch, against the whole official list: how long it takes, and what the index loses."""

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from bench.screening.labelled import SETS, kept
from bench.screening.official import screened
from greenlight.screening import Kind
from greenlight.screening.book import ListingBook
from greenlight.screening.candidates import Candidates
from greenlight.screening.index import name_index
from greenlight.screening.kinds import kinds

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


def measure(book: ListingBook, at: datetime, seed: int) -> dict[str, float]:
    """Milliseconds for a name, names in a second of one core, seconds for the index, and what it finds of all
    that a comparison with every name finds."""
    names: defaultdict[Kind, list[str]] = defaultdict(list)
    for listing in book.listings:
        for name in (listing.name, *(alias.name for alias in listing.aliases)):
            for kind in kinds(name, listing.kind):
                names[kind].append(name)
    began = time.perf_counter()
    index = [Candidates(of_kind, kind) for kind, of_kind in names.items()]
    built = time.perf_counter() - began
    asked = _asked(list(chain.from_iterable(names.values())), seed)
    figures = {"index_build_s": built, "screen_names_per_s": _names_per_second(asked, book, at)}
    # The best of three for each name: what else the machine does is no part of the figure.
    taken = sorted(min(_milliseconds(index, name) for _ in range(3)) for name in asked)
    return figures | {
        "screen_name_median_ms": statistics.median(taken),
        "screen_name_p99_ms": taken[len(taken) * 99 // 100],
        "index_recall": _recall(index, random.Random(seed).sample(asked, RECALLED)),
    }


def _names_per_second(asked: Sequence[str], book: ListingBook, at: datetime) -> float:
    """Names not seen before, up to their findings, by the time that the process had of a core."""
    name_index(book).prepare()
    began = time.process_time()
    screened(asked, book, at)
    return len(asked) / (time.process_time() - began)


def _asked(listed: Sequence[str], seed: int) -> list[str]:
    """Listed names misspelt, abbreviated or reordered; the labelled names; and names that nobody has."""
    chance = random.Random(seed)
    changes = (_misspelt, _abbreviated, _reordered)
    changed = [chance.choice(changes)(name, chance) for name in chance.sample(listed, CHANGED)]
    labelled = [pair.first for name in SETS for pair in kept(name)]
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
