"""The socket at which a program answers."""

import socket

BACKLOG = 512


class AddressError(Exception):
    """It cannot be opened at its address. The message says what, where and why."""


def listening(address: str, what: str) -> socket.socket:
    """A socket that listens at an address; ``what`` people call that which answers there.

    :raises AddressError: it is taken, or not this machine's.
    """
    host, _, port = address.rpartition(":")
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    opened = socket.socket(family)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((bare, int(port)))
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise AddressError(f"the {what} cannot be opened at {address}: {error.strerror or error}") from error
    return opened


def address_of(opened: socket.socket) -> str:
    """The address at which it listens, as part of a URL."""
    host, port = opened.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
