"""The official list as it was read, kept in a folder, so that a question of a second is not one of ten.

A file of it holds pickled objects. So it is read from a folder alone that only its owner can write, if that
is who asks, and nothing is made of it but what an index is made of. Its name tells the list's file, the
shipped book and the code that read them: when any of these changes, it is made anew.
"""

import io
import os
import pickle
import sys
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from greenlight.answers.listed import LIST_KEY
from greenlight.law.screening_list.content import StandingList
from greenlight.lists.read import SOURCE, TITLE
from greenlight.screening.book import ListingBook
from greenlight.screening.index import NameIndex, take_over
from greenlight.screening.keys import lasting

KEPT: Final = 3
"""Versions; the eldest makes room."""
_READ_BY: Final = ("greenlight.screening", "greenlight.lists")
_OURS: Final = "greenlight.screening."
_OTHERS: Final = {("array", "array"), ("array", "_array_reconstructor"), ("collections", "defaultdict")}
_OTHERS_WRITE: Final = 0o022


class KeptLists:
    """Versions of the list in a folder, which is made for its owner alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def book(self, standing: StandingList, shipped: ListingBook) -> ListingBook | None:
        """The version that stands, its index ready; None: it is not kept, or not where it can be trusted."""
        index = self._load(self._file(standing.digest, shipped))
        if index is None:
            return None
        # Held to its form when it was read; entry by entry it is again.
        book = ListingBook.model_construct(
            id=LIST_KEY,
            title=TITLE,
            source=SOURCE,
            retrieved=standing.retrieved,
            version=standing.digest,
            listings=index.listings,
        )
        take_over(book, index)
        return book

    def keep(self, book: ListingBook, shipped: ListingBook) -> None:
        """Keep a version that was read, and have its index ready; where nothing can be written, have that
        alone."""
        index = NameIndex(book, hashed=lasting)
        index.prepare()
        take_over(book, index)
        file = self._file(book.version, shipped)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _ours_alone(os.stat(self._folder)):
                return
            with NamedTemporaryFile(dir=self._folder, delete=False) as writing:
                pickle.dump(index, writing, protocol=pickle.HIGHEST_PROTOCOL)
            os.replace(writing.name, file)
            for old in sorted(self._folder.iterdir(), key=lambda each: each.stat().st_mtime)[:-KEPT]:
                old.unlink()
        except OSError:
            return

    def _file(self, digest: str, shipped: ListingBook) -> Path:
        told = "\n".join((digest, shipped.version, _parser(), sys.version))
        return self._folder / sha256(told.encode()).hexdigest()

    def _load(self, file: Path) -> NameIndex | None:
        try:
            if not _ours_alone(os.stat(self._folder, follow_symlinks=False)):
                return None
            with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb") as reading:
                if not _ours_alone(os.fstat(reading.fileno())):
                    return None
                found = _Index(io.BytesIO(reading.read())).load()
        except (OSError, pickle.UnpicklingError, EOFError):
            return None
        return found if isinstance(found, NameIndex) else None


class _Index(pickle.Unpickler):
    """Makes what an index consists of, and calls nothing else."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if (module_name, global_name) in _OTHERS:
            return super().find_class(module_name, global_name)
        # By a dotted name, or by what a module imported, one would come to anything.
        if module_name.startswith(_OURS) and "." not in global_name:
            found = super().find_class(module_name, global_name)
            if getattr(found, "__module__", "").startswith(_OURS):
                return found
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of an index")


def _ours_alone(told: os.stat_result) -> bool:
    """Whoever asks owns it, and nobody else may write it."""
    return told.st_uid == os.geteuid() and not told.st_mode & _OTHERS_WRITE


def _parser() -> str:
    """The digest of all the code and the tables by which a list is read."""
    found = sha256()
    for name in _READ_BY:
        package = import_module(name).__file__
        assert package is not None, "it is a folder with an __init__"
        for file in sorted(Path(package).parent.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(f"{file.name}\n".encode() + file.read_bytes())
    return found.hexdigest()
