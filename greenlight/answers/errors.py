"""Things that keep a question from being answered."""


class ListMissingError(Exception):
    """The version of the list that counts is not stored, or not readable. The message says which."""
