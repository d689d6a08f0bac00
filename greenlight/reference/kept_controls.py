"""Control tables that are kept by the day whose law they print, in a folder, beside those of the service.

A version is a folder of its own, ``DAY.NUMBER``, with the three tables and with what is known of them: their
day, since when they are kept, and the digest of each file. It is written under another name and comes to be
by one step, so that nobody reads a part of it; it is not changed, and never taken for another: what is not as
it was kept is an error.
"""

import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greenlight.files import content_of
from greenlight.kernel.canonical import digest, digest_bytes
from greenlight.kernel.codes.entered import OUT_OF_REACH, is_reached
from greenlight.kernel.model import Digest, Instant
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.determination.issues import InForce, Issue, in_force
from greenlight.law.determination.tables import Chosen, Tables
from greenlight.law.rule.rules import OnRecord
from greenlight.reference.controls import CHART, FOLDER, GROUPS, LIST, load_tables, read_tables, tables_in
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.strict_json import read, refusal, text_in, version_of

_log = logging.getLogger(__name__)

MANIFEST: Final = "kept.json"
FILES: Final = (LIST, CHART, GROUPS)
IN_MEMORY: Final = 16
"""Versions that are kept as they were read."""
_NAMED: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\.([1-9][0-9]{0,5})")


class KeptFile(BaseModel):
    """The word of a version on itself. ``files``: the digest of each, by its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["greenlight-kept-controls/1"]
    issued: date
    known: Instant
    files: Annotated[dict[str, Digest], Field(min_length=len(FILES), max_length=len(FILES))]


@dataclass(frozen=True, slots=True)
class KeptIssue(Issue):
    """A version. ``number``: of those of its day; 0 and ``shipped``: it came with the service, or lies in a
    folder as it was made. ``version``: the digest of all its files."""

    folder: Path
    number: int
    version: str
    files: tuple[tuple[str, str], ...]

    @property
    def shipped(self) -> bool:
        return self.number == 0


class KeptTables:
    """The versions in a folder, as they are there when they are asked, and what comes with the service. Of a
    folder that somebody names, without ``shipped``, the tables that lie in it themselves are one, too."""

    def __init__(self, folder: Path, shipped: Path | None = FOLDER) -> None:
        self.folder = folder
        self._shipped = shipped
        self._read: tuple[tuple[str, ...], tuple[KeptIssue, ...]] | None = None
        self._said: dict[str, KeptIssue] = {}
        self._told: set[str] = set()

    @property
    def issues(self) -> tuple[KeptIssue, ...]:
        """By their days, and of one day by when they were kept.

        Raises `ReferenceDataError` for a version that does not say what it is.
        """
        names = self._names()
        if self._read is None or self._read[0] != names:
            self._read = names, self._found(names)
        return self._read[1]

    def readable(self) -> Iterator[KeptIssue]:
        """The versions that say what they are; of others it is told once that they are passed over."""
        for name in self._names():
            try:
                self._said[name] = self._said.get(name) or _issue(self.folder / name)
            except ReferenceDataError as error:
                if name not in self._told:
                    self._told.add(name)
                    _log.warning("control tables are passed over: %s", error)
            else:
                yield self._said[name]

    def at(self, day: date, known_at: datetime | None = None) -> InForce[KeptIssue]:
        """The version in force on a day."""
        return in_force(self.issues, day, known_at)

    def on_record(self, named: Sequence[OnRecord]) -> "KeptTables":
        """Those that the log names, and what comes with the service; of a folder that somebody names, all."""
        return self if self._shipped is None else RecordedTables(self, _coming(self._shipped), named)

    def chosen(self, at: datetime, known_at: datetime | None) -> Chosen:
        """The tables in force at an instant, as known at another.

        Raises `ReferenceDataError` where they are not as they were kept; where the next ones are not, that is
        ``missing``.
        """
        found = self.at(agency_date(at), known_at)
        following, missing = None, found.missing
        if found.following is not None:
            try:
                following = self.tables(found.following)
            except ReferenceDataError:
                missing = (
                    *missing,
                    f"The next tables on record, of {found.following.issued}, are not at hand here: whether"
                    " they answer otherwise is not known",
                )
        return Chosen(self.tables(found.issue), missing, found.of_the_day, following)

    def tables(self, issue: KeptIssue) -> Tables:
        """The tables of a version.

        Raises `ReferenceDataError` where they are not as they were kept.
        """
        return (
            load_tables(issue.folder) if issue.shipped else _tables(issue.folder, issue.issued, issue.files)
        )

    def fault(self, issue: KeptIssue) -> ReferenceDataError | None:
        """The file that is not as it was kept, if there is one."""
        if issue.shipped:
            return None
        try:
            for name, digested in issue.files:
                _as_kept(issue.folder / name, issue.issued, digested)
        except ReferenceDataError as error:
            return error
        return None

    def keep(self, made: Mapping[str, str], now: datetime) -> tuple[KeptIssue, bool]:
        """Keep tables by the names of their files; the version, and whether there was none of it before.

        The same as the latest of their day change nothing, but mend what was damaged; others of that day are
        another version, which corrects that one from ``now`` on.

        Raises `ReferenceDataError` for tables that cannot be asked, of which nothing is kept, and `OSError`
        where nothing can be written.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.folder, prefix=".") as room:
            making = Path(room, "version")
            making.mkdir(mode=0o700)
            for name in FILES:
                _write(making / name, made[name])
            issued, files = read_tables(making).issued, _digests(making)
            if not is_reached(issued):
                raise ReferenceDataError(Path(LIST), "issued", f"{issued}: {OUT_OF_REACH}")
            while True:
                of_day = self._of_day(issued)
                if of_day and of_day[-1].files == files:
                    self._mend(of_day[-1], making)
                    return of_day[-1], False
                number = of_day[-1].number + 1 if of_day else 1
                # A clock that was put back puts no correction before what it corrects.
                known = max(now, of_day[-1].known) if of_day else now
                _say(making / MANIFEST, issued, known, files)
                if self._begun(making, f"{issued}.{number}"):
                    return next(e for e in self._of_day(issued) if e.number == number), True

    def _begun(self, making: Path, name: str) -> bool:
        """Bring a version to be under its name; False: another process was there before."""
        try:
            making.rename(self.folder / name)
        except OSError:
            if (self.folder / name).is_dir():
                return False
            raise
        _sync(self.folder)
        return True

    def _mend(self, issue: KeptIssue, making: Path) -> None:
        if self.fault(issue) is not None:
            for name in FILES:
                (making / name).replace(issue.folder / name)
            _sync(issue.folder)

    def _names(self) -> tuple[str, ...]:
        try:
            return tuple(sorted(filter(_NAMED.fullmatch, os.listdir(self.folder))))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ReferenceDataError(self.folder, "(folder)", f"cannot be read: {error}") from error

    def _of_day(self, issued: date) -> list[KeptIssue]:
        """The versions of a day that are kept, in the order in which they were."""
        named = [self.folder / name for name in self._names() if name.startswith(f"{issued}.")]
        return sorted(map(_issue, named), key=lambda each: each.number)

    def _found(self, names: tuple[str, ...]) -> tuple[KeptIssue, ...]:
        found = [_issue(self.folder / name) for name in names]
        lying = self._shipped
        if lying is None and (not found or (self.folder / LIST).exists()):
            lying = self.folder
        if lying is not None:
            found = list(_beside(found, _lying(lying)))
        return tuple(sorted(found, key=lambda each: (each.issued, each.known, each.number)))


class RecordedTables(KeptTables):
    """The versions that the log ``named``, each by its digest, and the ``lying`` one that comes with the
    service. What is in the folder and not on record answers nothing; what is on record and not in the folder
    stops the questions that need it."""

    def __init__(self, kept: KeptTables, lying: KeptIssue, named: Sequence[OnRecord]) -> None:
        super().__init__(kept.folder)
        self._kept, self._lying, self._named = kept, lying, named

    @property
    def issues(self) -> tuple[KeptIssue, ...]:
        return self._counting(None)

    def at(self, day: date, known_at: datetime | None = None) -> InForce[KeptIssue]:
        return in_force(self._counting(known_at), day, known_at)

    def tables(self, issue: KeptIssue) -> Tables:
        if issue.files or issue.shipped:
            return super().tables(issue)
        problem = (
            f"the tables of {issue.issued} that are on record ({issue.version}) are not kept here: import the"
            f" three official files of {issue.issued}"
        )
        raise ReferenceDataError(issue.folder, "(folder)", problem)

    def _counting(self, known_at: datetime | None) -> tuple[KeptIssue, ...]:
        here = {(each.issued, each.version): each for each in self._kept.readable()} if self._named else {}
        found = [self._lying]
        for each in self._named:
            issued, version = each.printed.issued, each.printed.version
            if version != self._lying.version and each.counts(known_at):
                gone = KeptIssue(issued, each.known, self.folder, 1, version, ())
                found.append(replace(here.get((issued, version), gone), known=each.known))
        return tuple(sorted(found, key=lambda each: (each.issued, each.known)))


def kept_tables(folder: Path) -> KeptTables:
    """The versions in a folder, for a program that runs for long: those that cannot be read are told when it
    starts, and end nothing."""
    kept = KeptTables(folder)
    list(kept.readable())
    return kept


def _beside(kept: list[KeptIssue], lying: KeptIssue) -> Iterator[KeptIssue]:
    """The versions that are kept and one that is there anyway: where the first of its day is the same, it is
    that one, and that has been known as long as it."""
    of_day = [each for each in kept if each.issued == lying.issued]
    first = min(of_day, key=lambda each: each.number, default=None)
    if first is None or first.files != lying.files:
        yield lying
        first = None
    yield from (replace(each, known=lying.known) if each is first else each for each in kept)


@cache
def _coming(folder: Path) -> KeptIssue:
    """The version that comes with the service, which stays as it is while that runs."""
    return _lying(folder)


def _lying(folder: Path) -> KeptIssue:
    issued, files = load_tables(folder).issued, _digests(folder)
    known = end_of_day(issued - timedelta(days=1))
    return KeptIssue(issued, known, folder, 0, _version(files), files)


def _issue(folder: Path) -> KeptIssue:
    day, _, number = folder.name.partition(".")
    file = folder / MANIFEST
    try:
        content = read(file)
        version_of(file, content)
        said = KeptFile.model_validate_json(content)
        if said.issued.isoformat() != day:
            raise ReferenceDataError(file, "issued", f"is of {said.issued}, in a folder of {day}")
        if set(said.files) != set(FILES):
            raise ReferenceDataError(file, "files", f"are not {', '.join(FILES)}")
    except ValidationError as error:
        raise _unsaid(refusal(file, error), day) from error
    except ReferenceDataError as error:
        raise _unsaid(error, day) from error
    files = tuple(sorted(said.files.items()))
    return KeptIssue(said.issued, said.known, folder, int(number), _version(files), files)


def _unsaid(error: ReferenceDataError, day: str) -> ReferenceDataError:
    remedy = f"move {error.file.parent} away and import the official files of {day} again"
    return ReferenceDataError(error.file, error.field, f"{error.problem}; {remedy}")


@lru_cache(maxsize=IN_MEMORY)
def _tables(folder: Path, issued: date, files: tuple[tuple[str, str], ...]) -> Tables:
    texts = {
        name: text_in(folder / name, _as_kept(folder / name, issued, digested)) for name, digested in files
    }
    return tables_in(folder, texts)


def _as_kept(file: Path, issued: date, digested: str) -> bytes:
    """The bytes of a file, read once: those that have the digest are those that are asked."""
    problem = f"is not as it was kept: import the three official files of {issued} again"
    try:
        content = content_of(file)
    except OSError as error:
        raise ReferenceDataError(file, "(file)", problem) from error
    if digest_bytes(content) != digested:
        raise ReferenceDataError(file, "(file)", problem)
    return content


def _digests(folder: Path) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, digest_bytes(content_of(folder / name))) for name in FILES))


def _version(files: tuple[tuple[str, str], ...]) -> str:
    return digest(dict(files))


def _say(file: Path, issued: date, known: datetime, files: tuple[tuple[str, str], ...]) -> None:
    said = KeptFile(format="greenlight-kept-controls/1", issued=issued, known=known, files=dict(files))
    file.unlink(missing_ok=True)
    _write(file, said.model_dump_json(indent=2) + "\n")


def _write(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
        writing.write(text)
        writing.flush()
        os.fsync(writing.fileno())


def _sync(folder: Path) -> None:
    """Have names survive a crash: they are the folder's own."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
