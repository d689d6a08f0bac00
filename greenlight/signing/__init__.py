"""Signatures: the keys that make them, and the tokens that carry them."""
