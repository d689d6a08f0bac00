"""Files that somebody names are read here: regular ones alone, whole, and no larger than there may be.

A pipe that nobody writes to would be waited for without end, and a device such as /dev/zero has no end.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

MOST: Final = 256 * 1024 * 1024
"""Bytes of a file that is read whole: the official list, the largest that there is, has a tenth of it."""

_KINDS: Final = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class NoFileError(OSError):
    """It is there, and no file that can be read whole. The message says what to do."""


def opened(path: Path) -> BinaryIO:
    """A regular file, open for reading; nothing is waited for.

    :raises NoFileError: it is none.
    :raises OSError: it is not there, or may not be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
    if kind == stat.S_IFREG:
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    what = _KINDS.get(kind, "something else")
    raise NoFileError(errno.EINVAL, f"is {what}, and no file", str(path))


def content_of(path: Path, most: int = MOST) -> bytes:
    """All that is in a regular file.

    :raises NoFileError: it is none, or larger than ``most`` bytes.
    :raises OSError: it is not there, or cannot be read.
    """
    with opened(path) as file:
        return whole(file, str(path), most)


def whole(file: BinaryIO, name: str, most: int = MOST) -> bytes:
    """All that comes of what is open, to its end.

    :raises NoFileError: more than ``most`` bytes come.
    """
    content = file.read(most + 1)
    if len(content) > most:
        raise NoFileError(errno.EFBIG, f"has more than {most} bytes, which is more than is read", name)
    return content


def text_of(path: Path, encoding: str = "utf-8") -> str:
    """The text in a regular file; otherwise as ``content_of``.

    :raises UnicodeDecodeError: it is none.
    """
    return content_of(path).decode(encoding)
