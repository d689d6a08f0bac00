"""A typed client for other services, for officers' tools and for the command line."""

from client.client import LicensingClient, Refused, Unanswered
from client.keyring import Keyring, KeyringError
from client.signer import Signer

__all__ = ["Keyring", "KeyringError", "LicensingClient", "Refused", "Signer", "Unanswered"]
