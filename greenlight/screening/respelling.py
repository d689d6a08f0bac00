"""Words that another language or system writes in its own Latin letters, as English would write them.

One rule of spelling for each use. A word is respelt only where it bears a mark of that use, and may then have
several spellings: nobody can tell from `Sch` which sound it was before a German wrote it down.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from greenlight.screening.sounds import broad_sound, sound
from greenlight.screening.syllables import is_pinyin, korean_word


class _Use(NamedTuple):
    """A language's spelling where English has another: a mark by which it is known, and its clusters."""

    mark: re.Pattern[str]
    cluster: re.Pattern[str]
    english: dict[str, tuple[str, ...]]

    def read(self, word: str) -> Iterator[str]:
        pieces: list[tuple[str, ...]] = []
        end = 0
        for found in self.cluster.finditer(word):
            pieces += (word[end : found.start()],), self.english[found[0]]
            end = found.end()
        pieces.append((word[end:],))
        return map("".join, product(*pieces))


def _use(mark: str, clusters: str) -> _Use:
    english = {of: tuple(to.split("/")) for of, _, to in (pair.partition("=") for pair in clusters.split())}
    longest = "|".join(sorted(english, key=len, reverse=True))
    return _Use(re.compile(mark), re.compile(longest), english)


_SLAVIC_END: Final = "(?:[oe]w|[oe]w[ao]|[oe]wit(?:sch|ch)|[sz]k[iy]j?|skaja|enko|in|ina)$"
_USES: Final = (
    # German: Tschernow, Schukowitsch, Juschmasch, Michail.
    _use(
        rf"tsch|dsch|sch.*{_SLAVIC_END}|j[aou].*sch|sch.*j[aou]|j[aou].*{_SLAVIC_END}|ij$",
        "schtsch=shch stsch=shch tsch=ch dsch=j sch=sh/zh ch=kh ja=ya ju=yu jo=yo je=ye j=y w=v ss=s tz=ts",
    ),
    # French, of Russian, Arabic and Persian: Tchernoff, Evgueni, Benhaddouch, Djamel.
    _use(
        r"tch|[oe]ff$|[oi]vitch$|gu[ei]|ou.*ch|ch.*ou|dj|[aei]ch$",
        "tch=ch ch=sh gue=ge gui=gi ou=u dj=j ff=v ine=in/ine",
    ),
    # Polish: Szczerbakow, Czernow, Zukowski.
    _use(
        r"sz|cz|rz|w(?:ski|icz|ska)$",
        "szcz=shch cz=ch sz=sh rz=zh/r ja=ya ju=yu jo=yo je=ye j=y w=v ch=kh",
    ),
    # Accents lost: Ivanovic, Markovic; Skoda stays.
    _use(r"[oe]v[iy]c$", "vic=vich vyc=vich"),
    # Baltic endings: Ivanovs, Petrovas, Zukauskas, Kozlovskis.
    _use(
        r"(?:[oe]v(?:s|as)|[oe]vi[cks]s|[ao]uskas|[oe]vskis|insk(?:is|as))$",
        "vas=v vs=v vics=vich ouskas=ovski auskas=ovski skis=ski skas=ski",
    ),
    # Belarusian: Ivanou, Zhaleznyakouski, Lukashenka.
    _use(r"(?:[aoe]u(?:sk[ia]|skaya)?|[oe]vich|enka|dze)$|^dz", "ou=ov au=ov eu=ev dz=d enka=enko"),
    # Ukrainian and Belarusian h for Russian g: Hryhorenko, Bohdanov.
    _use(
        r"(?<![kzscgtp])h.*(?:enk[oa]|chuk|sky[iy]?|skii|skiy|iuk|yuk|ets|ych|uk)$",
        "kh=kh zh=zh sh=sh ch=ch h=g",
    ),
    # Azeri and Uzbek: Xalilov, Qurbonov, Haciyev, Cabbarov.
    _use(r"(?:x|c|q).*(?:ov|ev|ova|eva|li|lu|oglu|zade|bek)$", "ch=ch x=kh c=j q=k/g"),
    # Persian and Turkic sons: Mehdizadeh, Hasanzada.
    _use("zad(?:eh|ah|a)$", "zadeh=zade zadah=zade zada=zade"),
)

_MORA: Final = re.compile(
    r"(?:(?:[kgszjtdnhfbpmyrw]|[kgnhbpmr]y|sh|ch|ts|[sztd]y)?(?:oh(?![aeiouy])|[aiueo]+)"
    r"|n(?![aeiou])|([ksptc])(?=\1)|t(?=ch))+"
)
_LONG: Final = re.compile(r"oh(?![aeiouy])|o[ou]+|uu+")
_KUNREI: Final = {
    of: to
    for of, _, to in (
        pair.partition("=")
        for pair in (
            "sya=sha syu=shu syo=sho tya=cha tyu=chu tyo=cho zya=ja zyu=ju zyo=jo si=shi ti=chi tu=tsu hu=fu"
            # Those that have one of these within them.
            " zi=ji tsu=tsu shi=shi chi=chi shu=shu chu=chu"
        ).split()
    )
}
_KUNREI_CLUSTER: Final = re.compile("|".join(sorted(_KUNREI, key=len, reverse=True)))
# What a Korean word has that others seldom have.
_KOREAN_MARK: Final = re.compile("ae|eo|eu|yo|yu|hy|kw|gw|oe|ui|wo|ngs|ngj|ch[ou]")
_MOST: Final = 8
# Any of the marks, as most words have none.
_MARKED: Final = re.compile(
    "|".join(f"(?:{mark})" for mark in (*(use.mark.pattern for use in _USES), _KOREAN_MARK.pattern))
)


@lru_cache(maxsize=65_536)
def respelt(word: str) -> tuple[str, ...]:
    """The other spellings of a word in small Latin letters; none for most words."""
    if len(word) < 3 or len(word) > 24 or not word.isascii():
        return ()
    found = dict.fromkeys(_japanese(word))
    if _MARKED.search(word) is not None:
        for use in _USES:
            if use.mark.search(word) is not None:
                found.update(dict.fromkeys(use.read(word)))
        if len(word) > 5 and _KOREAN_MARK.search(word) and not is_pinyin(word):
            found.update(dict.fromkeys(sorted(korean_word(word))))
    found.pop(word, None)
    return tuple(found)[:_MOST]


def _japanese(word: str) -> Iterator[str]:
    """`Ohno` and `Toukou` without marks of long vowels; from seven letters on `Mitubisi` as `Mitsubishi`."""
    if _MORA.fullmatch(word) is None:
        return
    short = _LONG.sub(lambda found: found[0][0], word)
    yield short
    if len(word) > 6:
        yield _KUNREI_CLUSTER.sub(lambda found: _KUNREI[found[0]], short)


def sounds_of(word: str, sounding: Callable[[str], str]) -> Iterable[str]:
    """Give the sound of a word in each of its spellings."""
    return {sounding(spelling) for spelling in (word, *respelt(word))}


def read_alike(one: str, other: str, *, broadly: bool) -> bool:
    """Tell whether two words are one, spelt in two languages; `broadly` takes vowels for each other."""
    if not respelt(one) and not respelt(other):
        return False
    sounding = broad_sound if broadly else sound
    ours, theirs = sounds_of(one, sounding), sounds_of(other, sounding)
    return any(len(each) > 2 and each in theirs for each in ours)
