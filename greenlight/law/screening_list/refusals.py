"""The reasons for which a command to the screening list is refused, beside those of every case."""

from greenlight.kernel.refusal import Code


class ListRefusal(Code):
    """As ``RefusalCode``: value, meaning, and the status by which HTTP tells it."""

    ALREADY_CURRENT = "already_current", "That version is the current one, and was not downloaded later."
    VERSION_HELD = "version_held", "A version waits for a second officer: confirm or discard it first."
    NOTHING_HELD = "nothing_held", "No such version of the list, or age limit, waits for a second officer."
    OWN_VERSION = "own_version", "Who loaded a version, or proposed an age limit, does not confirm it.", 403
    DIGEST_DIFFERS = "digest_differs", "The digest is not that of the version that waits.", 422
    LIST_UNREADABLE = (
        "list_unreadable",
        "The file is not stored here under that digest, or is no such list.",
        422,
    )
    LIST_TOO_OLD = "list_too_old", "The file was downloaded too long ago to say anything of parties."
