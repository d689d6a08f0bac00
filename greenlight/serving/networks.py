"""The network that somebody asks from, as far as an address tells: a subscriber's, and not a machine's."""

from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network

from starlette.types import Scope

_HOST_BITS = 64
"""A subscriber has at least a network of this size in IPv6 (RFC 6177), and asks from any address of it."""


@lru_cache(maxsize=4_096)
def network_of(host: str) -> str:
    """An IPv4 address as it is, also where it is written as one of IPv6; of IPv6 the network of 64 bits."""
    try:
        # A zone names a link of this machine.
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 128 - _HOST_BITS), strict=False))


def network(scope: Scope) -> str:
    """The network that a request comes from; behind a proxy that is trusted, what that says of it."""
    client = scope.get("client")
    return network_of(client[0]) if client else ""
