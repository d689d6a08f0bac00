"""Keys under which words are looked up that may be other than they are written."""

from collections.abc import Hashable, Iterable
from hashlib import blake2b

from greenlight.screening.alignment import SHORTENED
from greenlight.screening.people import FULL_NAMES
from greenlight.screening.respelling import sounds_of
from greenlight.screening.sounds import broad_sound, consonants, look, one_left_out
from greenlight.screening.tokens import Kind
from greenlight.screening.vocabulary import Sort, Token


def lasting(key: Hashable) -> int:
    """The number of a key, the same in every process; Python's own is quicker."""
    written = repr(key).encode(errors="surrogatepass")
    return int.from_bytes(blake2b(written, digest_size=8).digest(), "big")


def sought_keys(token: Token) -> set[Hashable]:
    """Under which a word is looked up.

    A word that has its vowels is found by its consonants where the other came without, or was cut short.
    """
    others = (True, False) if token.bare or token.sort in SHORTENED else (True,)
    return _same_keys(token, others) | {("initial", token.word[0])}


def kept_keys(token: Token) -> set[Hashable]:
    """Under which a word is kept, to be looked up by `_sought_keys`."""
    return _same_keys(token, {token.bare, token.bare or token.sort in SHORTENED})


def _same_keys(token: Token, bare: Iterable[bool]) -> set[Hashable]:
    """Two words that sound or look alike, or stand for each other, have one of these in common.

    By its consonants it stands among the words that came without vowels or may be cut short, or the others.
    """
    if token.sort is Sort.INITIAL:
        return {("initial", token.text)}
    if token.sort is Sort.NUMBER or (len(token.word) < 3 and not token.bare):
        return set()
    key = consonants(token.word)
    keys: set[Hashable] = {("consonants", each, key) for each in bare}
    for text in {token.word, token.text}:
        keys.update([("short", name) for name in FULL_NAMES.get(text, ())])
    if len(token.word) > 4:
        keys.add(("letters", *sorted(token.word)))
    for text in {token.word, token.text}:
        keys.add(("look", look(text)))
        keys.update([("sound", key) for key in sounds_of(text, broad_sound)])
        if len(text) > 5 and text.startswith("al"):
            keys.add(("sound", broad_sound(text[2:])))
        if len(text) > 5 and text.endswith("sk"):
            keys.add(("sound", broad_sound(text[:-2])))
    return keys


def close_keys(text: str, kind: Kind) -> set[Hashable]:
    """Two words that are few letters apart have one of these in common, but for some with many errors."""
    length = len(text)
    if length < 4:
        return set()
    keys = set[Hashable]()
    if length < 10:
        keys.add(text)
        keys.update(one_left_out(text))
    # Shorter ones may have no second slip (`near`).
    if length > (6 if kind == "person" else 8):
        keys |= {("start", text[:4]), ("end", text[-4:]), ("middle", _middle(text, 0))}
    return keys


def _middle(text: str, shift: int) -> str:
    at = len(text) // 2 - 1 + shift
    return text[at : at + 3]


def middles(text: str) -> set[Hashable]:
    """Positions that the middle of another word may have, which had letters put in or left out before it."""
    return {("middle", _middle(text, shift)) for shift in (-1, 1)} if len(text) > 6 else set()
