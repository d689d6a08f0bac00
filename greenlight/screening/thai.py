"""Thai words for kinds of business and what they mean, as data, and how everything else is read.

Thai writes its vowels around the letters and leaves many of Indian words out, which the Royal Institute's
system gives back by rule; see `scripts` for how far that is relied on.
"""

import os
from functools import lru_cache
from typing import Final

from greenlight.screening.tables import table

TERMS: Final = table("thai", "terms")

# Compatibility normalisation takes it apart, and dictionaries have it whole.
_APART, _WHOLE = "\u0e4d\u0e32", "\u0e33"


@lru_cache(maxsize=4096)
def read_out(characters: str) -> tuple[str, ...]:
    """The words of a run of characters, as the Royal Institute romanises them; as it is, where all is silent."""
    # It would make a folder in the home of a user, for data that are not needed here, and fail without a home.
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    # Its dictionary takes 2 s and 70 MB, and most processes never need it.
    from pythainlp.tokenize import word_tokenize
    from pythainlp.transliterate.royin import romanize

    read = (romanize(word) for word in word_tokenize(characters.replace(_APART, _WHOLE)))
    return tuple(latin for word in read if (latin := "".join(filter(str.isalnum, word)))) or (characters,)
