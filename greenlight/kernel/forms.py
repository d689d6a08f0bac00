"""The forms that texts must have, in words for people, each with an example: nobody has to read a pattern."""

from collections.abc import Mapping
from typing import Final

FORMS: Final[Mapping[str, str]] = {
    r"^([0-9][A-E][0-9]{3}|EAR99)$": "an ECCN of five characters, such as 5A991, or EAR99",
    r"^(\.[a-z0-9]{1,3}){1,6}$": "a subparagraph that begins with a dot, such as .a.1",
    r"^D[0-9]{6}$": "D and six digits, such as D000001",
    r"^(production|rehearsal):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": (
        "an event log by kind and id, such as production:5f3c1d0a-7a52-4f0e-9a55-0d1f0c6b2e11"
    ),
    r"^X[0-9]{14}$": "X, the day as YYYYMMDD and six digits, such as X20260902000001",
    r"^[A-Z][0-9]{6}$": "a letter and six digits, such as A123456",
    r"^[A-Z]{2}$": "two capital letters, such as NO",
    r"^[A-Z]{3}$": "three capital letters, such as USD",
    r"^[A-Za-z0-9 ]{1,40}$": "at most 40 letters, digits and spaces, such as pieces",
    r"^[A-Za-z0-9_-]{8,64}$": "8 to 64 letters, digits, _ and -, such as order-0001",
    r"^[a-z0-9][a-z0-9._-]{0,63}$": "at most 64 of a-z 0-9 . _ -, no sign first, such as spring",
    r"^[a-z]+-[A-Za-z0-9._-]{1,80}$": "a kind, a dash and a key, such as application-A123456",
    r"^[a-z_]{1,40}$": "at most 40 small letters and _, such as sign_off",
    r"^application-[A-Z][0-9]{6}$": "application-, a letter and six digits, such as application-A123456",
    r"^batch-[a-z0-9][a-z0-9._-]{0,63}$": "batch- and a key, such as batch-spring",
    r"^[^@\s]{1,64}@[^@\s]{1,189}$": "an email address, such as clerk@example.com",
    r"^[0-9+][0-9 ()./-]{2,39}$": "a telephone number, such as +47 22 00 00 00",
    r"^sha256:[0-9a-f]{64}$": "sha256: and 64 of 0-9 a-f, as `show` prints it",
}
"""By their patterns (a test holds that each pattern of the contract is here)."""
