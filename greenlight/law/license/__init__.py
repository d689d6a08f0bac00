"""A license, from its grant to its expiry (15 CFR 750.7)."""
