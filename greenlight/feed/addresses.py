"""Addresses that messages may go to: to public addresses by https, unless the deployment says otherwise.

A subscriber names an address that the service then talks to. It must not be led to what only the service
can reach: so each name is looked up here, every address of it must be public, and the connection is made to
one of those that were looked at, and not to what the name says a moment later.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST: Final = 2_000
_NOT_PUBLIC: Final = tuple(
    map(
        ip_network,
        (
            # Those that stand for one of IPv4 (RFC 6052, RFC 8215, RFC 2765, RFC 4291 2.5.5.1).
            *("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96"),
            # Of a site (RFC 3879), of documents (RFC 9637), of segment routing (RFC 9602).
            *("fec0::/10", "3fff::/20", "5f00::/16"),
            # Of protocols, and relays that are no more (RFC 7600, RFC 7526).
            *("192.0.0.0/24", "192.88.99.0/24"),
        ),
    )
)
"""Networks that ``ipaddress`` takes for public on some versions of Python, and that are not (IANA's special
registries)."""


class AddressError(Exception):
    """Nothing is sent there. The message says why."""


def checked(url: str, *, private: bool) -> SplitResult:
    """An address of a form that is taken. ``private``: by http as well.

    :raises AddressError: it is not.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressError(f"no address: {error}") from None
    if len(url) > LONGEST or not url.isascii() or any(character.isspace() for character in url):
        raise AddressError(f"an address is at most {LONGEST} characters of ASCII, without spaces")
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise AddressError(
            "only https is taken (GREENLIGHT_WEBHOOK_PRIVATE, set here and for the worker, takes http)"
        )
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressError("an address has a host, and neither a user nor a fragment")
    if port == 0:
        raise AddressError("there is no port 0")
    return parts


async def looked_up(parts: SplitResult, *, private: bool) -> tuple[str, ...]:
    """The addresses that the host of a URL has now.

    :raises AddressError: there is none, or one of them is not public.
    """
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressError(f"{host} has no address") from error
    addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
    if not private and not all(is_public(ip_address(address)) for address in addresses):
        raise AddressError(
            f"{host} is not public (GREENLIGHT_WEBHOOK_PRIVATE, set here and for the worker, allows that)"
        )
    return addresses


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether anybody on the Internet could reach it. An address that stands for another is not."""
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address.sixtofour or address.teredo):
        return False
    if any(address in network for network in _NOT_PUBLIC if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast
