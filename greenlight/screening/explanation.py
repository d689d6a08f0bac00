"""A comparison in words."""

from greenlight.screening.alignment import Alignment
from greenlight.screening.normalise import folded_words
from greenlight.screening.tokens import MAX_LENGTH, Prepared
from greenlight.screening.vocabulary import Token


def explain(a: Prepared, b: Prepared, alignment: Alignment) -> tuple[str, ...]:
    """One short line for each word, or words, of either name."""
    lines = [_same(token, other) for token in a.tokens for other in b.tokens if token.text == other.text]
    lines += [f"{_written(met.first)} met {_written(met.second)}: {met.how}" for met in alignment.met]
    if alignment.first:
        lines.append(f"only in the first name: {_written(alignment.first)}")
    if alignment.second:
        lines.append(f"only in the second name: {_written(alignment.second)}")
    for place, name in (("first", a), ("second", b)):
        if ignored := _ignored(name):
            lines.append(f"ignored in the {place} name: {ignored}")
        if len(name.name) > MAX_LENGTH:
            lines.append(f"of the {place} name only the first {MAX_LENGTH} characters were compared")
    return tuple(lines)


def _same(token: Token, other: Token) -> str:
    if token.word == other.word:
        return f"{token.word} met {other.word}: same"
    return f"{token.word} met {other.word}: both stand for {token.text}"


def _written(tokens: tuple[Token, ...]) -> str:
    return " ".join(dict.fromkeys(f"{token.word}" for token in tokens))


def _ignored(name: Prepared) -> str:
    """Legal forms, titles, and words that say nothing, of those written in Latin."""
    counted = {token.word for token in name.tokens}
    spelt = "".join(token.word for token in name.tokens)
    words = folded_words(name.name[:MAX_LENGTH])
    return " ".join(word for word in words if word.isascii() and word not in counted and word not in spelt)
