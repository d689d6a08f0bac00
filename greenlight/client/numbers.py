"""Control numbers for applications whose sender chooses none."""

import hashlib

_TRIES = 50
_LETTERS = "ABCEFGHIJKLMNOPQRSTUVWXYZ"
"""Without D, with which license numbers begin."""


def control_numbers(command_id: str) -> list[str]:
    """Candidate control numbers that follow from a command id: a letter and six digits each."""
    numbers: list[str] = []
    for attempt in range(_TRIES):
        seed = int.from_bytes(hashlib.sha256(f"{command_id}/{attempt}".encode()).digest()[:8])
        letter, digits = divmod(seed % (len(_LETTERS) * 1_000_000), 1_000_000)
        numbers.append(f"{_LETTERS[letter]}{digits:06}")
    return numbers
