"""Numbers of things, as people say them."""


def counted(number: int, one: str, several: str | None = None) -> str:
    """``1 letter``, ``2 letters``; ``several`` where the plural takes more than an s."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"
