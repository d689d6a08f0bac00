"""How long properties are tried for."""

from hypothesis import settings

QUICK = settings(deadline=None, max_examples=100)
"""For properties of one function. No deadline: a busy machine is not a failure."""
