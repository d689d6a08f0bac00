"""A typed client for other services, for officers' tools and for the command line.

``Authorities`` answers in memory and asks no server; ``eventlog.read.Reader`` gives it licenses and
reprieves.
"""

from client.answers import Refused, Sent, Unanswered
from client.client import LicensingClient
from client.keyring import Keyring, KeyringError
from client.signer import Signer
from licensing.authorisation.answer import Authorisation, Verdict
from licensing.authorisation.authorities import Authorities
from licensing.authorisation.question import AuthorisationQuestion

__all__ = [
    "Authorisation",
    "AuthorisationQuestion",
    "Authorities",
    "Keyring",
    "KeyringError",
    "LicensingClient",
    "Refused",
    "Sent",
    "Signer",
    "Unanswered",
    "Verdict",
]
