"""The folders that a program writes in: made before all else, or refused by the name of their setting."""

import tempfile
from pathlib import Path

from greenlight.connection.settings import Settings


class FolderError(Exception):
    """A folder cannot be made or written. The message says which setting names it."""


def worker_folders(settings: Settings) -> None:
    """Make the folders of a worker, and try each by a file that goes again at once.

    :raises FolderError: one is a file, or nothing can be written there.
    """
    _ready(settings.data, "GREENLIGHT_DATA", 0o700)
    # Keys may be mounted for reading alone; what has to be made there says so itself.
    _made(settings.keys, "GREENLIGHT_KEY_FOLDER" if settings.key_folder else "GREENLIGHT_DATA", 0o700)
    _ready(settings.tile_path, "GREENLIGHT_TILE_FOLDER" if settings.tile_folder else "GREENLIGHT_DATA", 0o755)
    _ready(
        settings.letter_path,
        "GREENLIGHT_LETTER_FOLDER" if settings.letter_folder else "GREENLIGHT_DATA",
        0o700,
    )


def auditor_folders(settings: Settings) -> None:
    """Make the folder of an auditor, and try it in the same way.

    :raises FolderError: it is a file, or nothing can be written there.
    """
    setting = "GREENLIGHT_AUDITOR_FOLDER" if settings.auditor_folder else "GREENLIGHT_DATA"
    _ready(settings.auditor_path, setting, 0o700)


def _made(path: Path, setting: str, mode: int) -> None:
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(path, setting, error) from error


def _ready(path: Path, setting: str, mode: int) -> None:
    _made(path, setting, mode)
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise _refused(path, setting, error) from error


def _refused(path: Path, setting: str, error: OSError) -> FolderError:
    is_file = isinstance(error, FileExistsError | NotADirectoryError)
    why = "there is a file in its way" if is_file else error.strerror or str(error)
    return FolderError(
        f"the folder {path} cannot be used ({why}): let {setting} name one that this user may write"
    )
