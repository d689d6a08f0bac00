"""Documents that belong to a filing, named by title, type, size and digest. The bytes are elsewhere."""

import hashlib
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from greenlight.kernel.model import Digest, Model, Name

MAX_ATTACHMENTS = 20
MAX_BYTES = 10 * 1024 * 1024
"""Of one attachment."""


class MediaType(StrEnum):
    """The types that are taken: documents, pictures and tables that run nothing."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TEXT = "text/plain"
    CSV = "text/csv"

    @property
    def suffix(self) -> str:
        """The end of a file's name."""
        return next(suffix for suffix, kind in SUFFIXES.items() if kind is self)


SUFFIXES = {
    ".pdf": MediaType.PDF,
    ".png": MediaType.PNG,
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
    ".txt": MediaType.TEXT,
    ".csv": MediaType.CSV,
}
"""Types by the end of a file's name."""


class Attachment(Model):
    """A document that belongs to the filing. ``digest`` is the SHA-256 of its bytes, of which there are
    ``size``."""

    title: Name
    type: MediaType
    size: Annotated[int, Field(ge=1, le=MAX_BYTES)]
    digest: Digest

    def is_of(self, content: bytes) -> bool:
        """Tell whether these are its bytes."""
        return len(content) == self.size and digest_of(content) == self.digest


def digest_of(content: bytes) -> str:
    """The digest by which an attachment is named."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _are_distinct(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    digests = [each.digest for each in attachments]
    for number, digest in enumerate(digests, 1):
        if digests.index(digest) < number - 1:
            first = digests.index(digest) + 1
            raise ValueError(f"attachment {number} is the same as attachment {first}: name it once")
    return attachments


Attachments = Annotated[
    tuple[Attachment, ...], Field(max_length=MAX_ATTACHMENTS), AfterValidator(_are_distinct)
]
