"""Encryption of what Temporal stores of a case: by data keys of each case, which master keys wrap.

``master`` has the master keys and their file, ``service`` whoever wraps and unwraps data keys by them,
``sealed`` the form of an encrypted payload, and ``payloads`` the codec that Temporal's SDK calls.
"""
