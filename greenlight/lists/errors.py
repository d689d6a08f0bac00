"""The one error of reading a list."""


class ListFileError(Exception):
    """The file as a whole cannot be read as a list; the message says why in one line."""
