"""A typed client for other services, for officers' tools and for the command line."""

from client.answers import Refused, Unanswered
from client.client import LicensingClient
from client.keyring import Keyring, KeyringError
from client.signer import Signer

__all__ = ["Keyring", "KeyringError", "LicensingClient", "Refused", "Signer", "Unanswered"]
