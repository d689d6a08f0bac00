"""Private keys in a folder, one file per officer, readable by their owner alone.

For development, and for tools that run as one officer. A production signer keeps its key in an HSM or a
key service and only needs :class:`licensing.authority.Claims` and a way to sign.
"""

from pathlib import Path

from pydantic import ValidationError

from client.signer import Signer
from eventlog.proof import KeyFileError, SigningKey
from licensing.model import Identifier, Model


class KeyringError(Exception):
    """A key is missing or unusable. The message says what to do."""


class Identity(Model):
    """Whose key it is; stands beside the key, which is in a PEM file of its own."""

    officer: Identifier
    person: Identifier
    organisation: Identifier


class Keyring:
    """The keys in ``folder``: ``<officer>.pem`` and ``<officer>.json``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def officers(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def signer(self, officer: str) -> Signer:
        """The signer for an officer.

        :raises KeyringError: if there is no key of that officer here, or others may read it.
        """
        try:
            identity = Identity.model_validate_json(self._path(officer, "json").read_bytes())
            key = SigningKey.load(self._path(officer, "pem"))
        except FileNotFoundError as error:
            known = ", ".join(self.officers()) or "none"
            raise KeyringError(f"no key of {officer} in {self.folder} (there: {known})") from error
        except (OSError, ValidationError, KeyFileError) as error:
            raise KeyringError(f"the key of {officer} in {self.folder} cannot be used: {error}") from error
        return Signer(identity.officer, identity.person, identity.organisation, key)

    def create(self, officer: str, person: str, organisation: str) -> Signer:
        """Make a new key and keep it. An existing key is not overwritten.

        :raises KeyringError: if a key of that officer is here, or the folder cannot be written.
        """
        identity = Identity(officer=officer, person=person, organisation=organisation)
        key = SigningKey.generate()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            key.save(self._path(officer, "pem"))
            self._path(officer, "json").write_text(identity.model_dump_json(indent=2) + "\n")
        except FileExistsError as error:
            raise KeyringError(f"{self._path(officer, 'pem')} exists already") from error
        except OSError as error:
            raise KeyringError(f"{self.folder} cannot be written: {error.strerror}") from error
        return Signer(officer, person, organisation, key)

    def _path(self, officer: str, suffix: str) -> Path:
        return self.folder / f"{officer}.{suffix}"
