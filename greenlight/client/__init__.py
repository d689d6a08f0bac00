"""A typed client for other services, for officers' tools and for the command line.

``Authorities`` answers in memory and asks no server; ``greenlight.eventlog.read.Reader`` gives it licenses
and reprieves.
"""

from greenlight.client.answers import DossierDiffers, Paused, Refused, Sent, Unanswered, Unseen
from greenlight.client.attachments import Brought, Fetched, bring_attachment, fetch_attachment
from greenlight.client.client import LicensingClient
from greenlight.client.events import FeedEvent, events
from greenlight.client.keyring import Keyring, KeyringError
from greenlight.client.pages import docket, licenses
from greenlight.client.patiently import Filed, submit_all, until_answered, wait_for_decision
from greenlight.client.signer import Signer
from greenlight.law.authorisation.answer import Authorisation, Verdict
from greenlight.law.authorisation.authorities import Authorities
from greenlight.law.authorisation.question import AuthorisationQuestion

__all__ = [
    "Authorisation",
    "AuthorisationQuestion",
    "Authorities",
    "Brought",
    "DossierDiffers",
    "FeedEvent",
    "Fetched",
    "Filed",
    "Keyring",
    "KeyringError",
    "LicensingClient",
    "Paused",
    "Refused",
    "Sent",
    "Signer",
    "Unanswered",
    "Unseen",
    "Verdict",
    "bring_attachment",
    "docket",
    "events",
    "fetch_attachment",
    "licenses",
    "submit_all",
    "until_answered",
    "wait_for_decision",
]
