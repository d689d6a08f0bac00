"""Private keys in a folder, one file per officer, readable by their owner alone.

For development, and for tools that run as one officer. A production signer keeps its key in an HSM or a
key service and only needs :class:`greenlight.kernel.authority.Claims` and a way to sign.
"""

import secrets
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from greenlight.client.signer import Signer
from greenlight.files import content_of, text_of
from greenlight.kernel.authority import LogName
from greenlight.kernel.model import Identifier, Model
from greenlight.signing.keys import KeyFileError, SigningKey

_LOG: TypeAdapter[LogName] = TypeAdapter(LogName)


class KeyringError(Exception):
    """A key is missing or unusable. The message says what to do."""


class Identity(Model):
    """Whose key it is; stands beside the key, which is in a PEM file of its own."""

    officer: Identifier
    person: Identifier
    organisation: Identifier


class Keyring:
    """The keys in ``folder``: ``<officer>.pem`` and ``<officer>.json``; ``log`` says what they sign for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def officers(self) -> list[str]:
        return sorted(
            path.stem for path in self.folder.glob("*.json") if self._path(path.stem, "pem").exists()
        )

    @property
    def log(self) -> LogName | None:
        """The event log that the keys sign for; None where it is not said here.

        :raises KeyringError: if what is said cannot be read.
        """
        path = self.folder / "log"
        try:
            return _LOG.validate_python(text_of(path).strip())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            raise KeyringError(f"{path} does not hold the name of an event log") from None

    def sign_for(self, log: LogName) -> None:
        """Keep the name of the event log that the keys sign for from now on.

        :raises KeyringError: if the folder cannot be written.
        """
        path = self.folder / "log"
        try:
            if not path.exists() or text_of(path).strip() != log:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                draft = self.folder / f"log.{secrets.token_hex(4)}.new"
                draft.write_text(f"{log}\n", encoding="utf-8")
                draft.replace(path)
        except OSError as error:
            raise KeyringError(f"{path} cannot be written: {error.strerror}") from error

    def signer(self, officer: str) -> Signer:
        """The signer for an officer.

        :raises KeyringError: if there is no key of that officer here, or others may read it.
        """
        try:
            identity = Identity.model_validate_json(content_of(self._path(officer, "json")))
            key = SigningKey.load(self._path(officer, "pem"))
        except FileNotFoundError as error:
            known = ", ".join(self.officers())
            there = f"there: {known}" if known else "it has none: make yours by starter.py officer key"
            raise KeyringError(f"no key of {officer} in {self.folder} ({there})") from error
        except (OSError, ValidationError, KeyFileError) as error:
            raise KeyringError(f"the key of {officer} in {self.folder} cannot be used: {error}") from error
        return Signer(identity.officer, identity.person, identity.organisation, key, self.log)

    def create(self, officer: str, person: str, organisation: str) -> Signer:
        """Make a new key and keep it. An existing key is not overwritten.

        :raises KeyringError: if a key of that officer is here, or the folder cannot be written.
        """
        identity = Identity(officer=officer, person=person, organisation=organisation)
        path = self._path(officer, "pem")
        if path.exists():
            raise KeyringError(f"{path} exists already")
        key = SigningKey.generate()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The key comes last: what was cut short in between is made again.
            draft = self._path(officer, f"{secrets.token_hex(4)}.new")
            draft.write_text(identity.model_dump_json(indent=2) + "\n")
            draft.replace(self._path(officer, "json"))
            key.save(path)
        except FileExistsError as error:
            raise KeyringError(f"{path} exists already") from error
        except OSError as error:
            raise KeyringError(f"{self.folder} cannot be written: {error.strerror}") from error
        return Signer(officer, person, organisation, key, self.log)

    def obtain(self, officer: str, person: str, organisation: str) -> Signer:
        """The officer's signer, with a new key if there is none yet.

        :raises KeyringError: if the key that is here is another person's or organisation's, or unusable.
        """
        try:
            return self.create(officer, person, organisation)
        except KeyringError:
            if officer not in self.officers():
                raise
        signer = self.signer(officer)
        if (signer.person, signer.organisation) != (person, organisation):
            raise KeyringError(
                f"the key of {officer} in {self.folder} is of {signer.person} at {signer.organisation}"
            )
        return signer

    def _path(self, officer: str, suffix: str) -> Path:
        return self.folder / f"{officer}.{suffix}"
