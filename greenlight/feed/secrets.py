"""The secrets that messages to subscribers are signed with (Standard Webhooks).

None is in the database: each is derived from one key in a file and the subscriber's id, so that whoever reads
the log's database, or a backup of it, cannot speak for the service.
"""

import os
import secrets
from base64 import b64encode
from contextlib import suppress
from hashlib import sha256
from hmac import digest
from pathlib import Path

from greenlight.files import text_of
from greenlight.signing.keys import KeyFileError

_BYTES = 32


def load_key(path: Path) -> bytes:
    """The key in a file, which is made on first use; only its owner may read it.

    :raises KeyFileError: it cannot be used.
    """
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make(path)
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path}: others may read it; use chmod 600")
        key = bytes.fromhex(text_of(path, "ascii").strip())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no key in hexadecimal digits"
        raise KeyFileError(f"the key of webhooks {path} cannot be used: {why}") from error
    if len(key) != _BYTES:
        raise KeyFileError(f"the key of webhooks {path} has {len(key)} bytes, not {_BYTES}")
    return key


def _make(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
    # Another worker on this folder may be as early: unlike a rename, a link does not replace what is there.
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def secret_of(key: bytes, subscriber: str) -> str:
    """The secret by which messages to a subscriber are signed, as its receiver takes it."""
    return f"whsec_{b64encode(digest(key, f'greenlight webhook {subscriber}'.encode(), 'sha256')).decode()}"


def digest_of(secret: str) -> str:
    """The mark that is kept of a secret: enough to see that it is another."""
    return f"sha256:{sha256(secret.encode()).hexdigest()}"
