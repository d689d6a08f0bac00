"""The command line: start, signal and inspect applications. ``python starter.py --help`` shows how.

Other services import the typed client from here: ``from starter import LicensingClient, Signer``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenlight.client import LicensingClient, Signer

__all__ = ["LicensingClient", "Signer"]


def __getattr__(name: str) -> object:
    """Import the client when it is asked for: ``--help`` need not wait for Temporal's SDK."""
    if name in __all__:
        from greenlight import client

        return getattr(client, name)
    raise AttributeError(name)


if __name__ == "__main__":
    from greenlight.cli.__main__ import main

    main()
