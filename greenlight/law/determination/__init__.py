"""Determination whether a transaction needs a license at all, and why (15 CFR 732.3, 736.2, 738.4)."""
