"""Names against lists: pure comparison of the parties to a transaction with listed entities.

Nothing here reads a file, a clock or a network, and nothing here says that a party is clear: a name that is
not found is `no_match`, and a name that could not be compared is `could_not_screen`.
"""

from screening.compare import THRESHOLD, Comparison, compare
from screening.tokens import Kind

__all__ = ["THRESHOLD", "Comparison", "Kind", "compare"]
