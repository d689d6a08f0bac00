"""Names of organisations, as far as they are compared: whoever files under one, files under that one."""


def same_name(one: str, other: str) -> bool:
    """Tell whether two are one name; case and spaces make no other."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
