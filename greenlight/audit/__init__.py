"""Checking the log by somebody else than the service: signatures, the law, what was done without a command.

Nothing here writes to the log's database, and nothing is believed that can be worked out again.
"""
