"""Write what other programs hold on to anew, from the code as it is: ``python -m tests.contract --write``."""

import os
import sys

from tests.contract.pins import write


def main(words: list[str]) -> int:
    if words != ["--write"]:
        print(__doc__, file=sys.stderr)
        return 2
    for name in write() or ["nothing"]:
        print(f"{name} was written anew")
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    # See worker.py: the SDK's threads may crash an interpreter that exits in the ordinary way.
    os._exit(code)
