"""The command line: start, signal and inspect applications. ``python starter.py --help`` shows how.

Other services import the typed client from here: ``from starter import LicensingClient, Signer``.
"""

import os
import sys
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


def main() -> int:
    from greenlight.connection.extensions import ExtensionError, load_extensions

    try:
        # Before the command line is made, which has commands for all that is registered.
        load_extensions()
    except ExtensionError as error:
        print(f"starter.py: {error}", file=sys.stderr)
        return 2
    from greenlight.cli.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # The SDK's native threads now and then crash an interpreter that exits in the ordinary way
    # (temporalio/sdk-python issue 300), which would make the exit code a lie.
    os._exit(code)
