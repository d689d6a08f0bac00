"""The console script ``greenlight``, and ``python -m greenlight.cli``: the command line as a program."""

import os
import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run what the words after the program's name say, and leave with its exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Until there is something to be ended in order, Ctrl-C just ends it (``app`` listens from then on).
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # By any other name this is starter.py, which the help of every command names.
    name = "greenlight" if os.path.basename(sys.argv[0]).startswith("greenlight") else "starter.py"
    try:
        from greenlight.cli.patient import patient
        from greenlight.extensions import ExtensionError, load_extensions

        sys.stdout, sys.stderr = patient(sys.stdout), patient(sys.stderr)
        try:
            # Before the command line is made, which has commands for all that is registered.
            load_extensions()
        except ExtensionError as error:
            sys.exit(f"{name}: {error}")
        from greenlight.cli.app import run

        code = run(sys.argv[1:], name)
    except ModuleNotFoundError as missing:
        print(f"{name}: {_advice(missing)}", file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        # Ctrl-C once more, while the first one was being answered.
        code = 130
    sys.stdout.flush()
    sys.stderr.flush()
    # The SDK's native threads now and then crash an interpreter that exits in the ordinary way
    # (temporalio/sdk-python issue 300), which would make the exit code a lie.
    os._exit(code)


def _advice(missing: ModuleNotFoundError) -> str:
    """Name the part that is not installed, and where it is found."""
    if missing.name == "worker":
        return "this runs the service itself, which is not in the package: use starter.py of a clone"
    return f"{missing.name} is not installed: the command line comes with the extra `cli` of the package"


if __name__ == "__main__":
    main()
