"""The files of the PostgreSQL cluster: whose they are, and what may be done with them."""

from __future__ import annotations

import os
import pwd
import re
import sys
from contextlib import suppress
from pathlib import Path

from .errors import StartError
from .folder import write
from .private import places, private_folder, short_name
from .process import User
from .users import ADMINISTRATOR, USERS

VERSION = "18"
INITDB = (
    f"--username={ADMINISTRATOR}",
    "--auth=peer",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)
# The most that macOS allows is 104 bytes, Linux 108.
_LONGEST_SOCKET = 100
_SOCKET = "/.s.PGSQL.5432"
# Whatever means something else in a list of hosts or in a setting is left out.
_PLAIN = re.compile(r"[\w./+@=-]+", re.ASCII)


def server_user(data: Path) -> User | None:
    """The user who runs the server in place of root, which PostgreSQL refuses; None means ourselves."""
    if os.geteuid() != 0:
        return None
    if sys.platform != "linux":
        raise StartError("PostgreSQL does not run as root: start as an ordinary user.")
    try:
        owner = data.stat().st_uid
        if owner != 0:
            return _user(pwd.getpwuid(owner))
    except (FileNotFoundError, KeyError):
        pass
    for name in ("postgres", "nobody"):
        try:
            return _user(pwd.getpwnam(name))
        except KeyError:
            continue
    raise StartError(
        "PostgreSQL does not run as root: add a user named postgres, or start as an ordinary user."
    )


def check(data: Path, user: User | None) -> None:
    """Refuses data that this version cannot read, and gives the rest back to its server."""
    try:
        version = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise StartError(
            f"{data} is not a PostgreSQL data folder: move it away, or choose another data folder."
        ) from None
    if version != VERSION:
        raise StartError(
            f"{data} was written by PostgreSQL {version}, and this is {VERSION}: start with the release that "
            "wrote it, or dump it there and load it on a new data folder. Nothing was changed."
        )
    if user is not None and data.stat().st_uid != user.uid:
        # Root restored it from a copy.
        for folder, _, names in os.walk(data):
            for path in (folder, *(os.path.join(folder, name) for name in names)):
                os.lchown(path, user.uid, user.gid)
    os.chmod(data, 0o700)


def open_home(home: Path, user: User | None) -> None:
    """Lets the server's user through to its own folders; the data folder above stays closed."""
    if user is not None:
        home.chmod(0o711)


def make_own(folder: Path, user: User | None) -> Path:
    """Creates a folder of the server's user, unless there is one."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        os.chown(folder, user.uid, user.gid, follow_symlinks=False)
    return folder


def socket_folder(home: Path) -> Path:
    """Find a folder for the socket: in the data folder, or near the root when that has too long a name."""
    near = home / "socket"
    far = (place / short_name("socket", home) for place in places())
    for folder in (near, *far):
        if _PLAIN.fullmatch(str(folder)) and len(os.fsencode(folder)) + len(_SOCKET) < _LONGEST_SOCKET:
            return folder
    raise StartError("TMPDIR is too long for a socket: set it to a short path.")


def make_socket_folder(folder: Path, home: Path, user: User | None) -> None:
    """Creates the folder that `socket_folder` chose."""
    if folder.parent == home:
        make_own(folder, user)
    else:
        private_folder(folder, os.geteuid() if user is None else user.uid, 0o700)


def remove_socket_folder(home: Path) -> None:
    """Removes the socket's folder from among other people's files, when the server left it empty."""
    folder = socket_folder(home)
    if folder.parent != home:
        with suppress(OSError):
            folder.rmdir()


def write_access_rules(home: Path) -> None:
    """Lets in the user that we run as, as any user of the database, and nobody else."""
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise StartError(
            f"The user id {os.geteuid()} has no name here, and PostgreSQL needs one: "
            "add it to /etc/passwd, or set DATABASE_URL to a server of your own."
        ) from None
    write(home / "pg_hba.conf", "local all all peer map=owner\n", 0o644)
    entries = "".join(f'owner "{name}" {user}\n' for user in USERS)
    write(home / "pg_ident.conf", entries, 0o644)


def _user(entry: pwd.struct_passwd) -> User:
    return User(entry.pw_name, entry.pw_uid, entry.pw_gid)
