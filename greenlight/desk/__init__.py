"""The service for people with a browser: what they were shown is what they sign."""

DEVELOPMENT = "--development-keys"
"""The argument by which the keys of made-up people sign."""
