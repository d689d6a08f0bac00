"""Names against lists: pure comparison of the parties to a transaction with listed entities.

Nothing here reads a clock, a network, or a file but tables of names, once, at import. And nothing here
says that a party is clear: a name that is not found is `no_match`, and one that could not be compared
`could_not_screen`.
"""

from greenlight.screening.compare import THRESHOLD, Comparison, compare
from greenlight.screening.tokens import Kind

__all__ = ["THRESHOLD", "Comparison", "Kind", "compare"]
