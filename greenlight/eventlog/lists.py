"""Files of the list by their digest."""

import asyncio
import zlib

from greenlight.eventlog.database import Source
from greenlight.kernel.canonical import digest_bytes

MAX_BYTES = 64 * 1024 * 1024

_READ = "SELECT compressed FROM greenlight.list_content WHERE digest = $1"


class ContentError(Exception):
    """The stored content of a file is not what its digest says, or more than a file may have."""


async def store_content(source: Source, content: bytes) -> str:
    """Keep a file, byte for byte, and return its digest. Nothing is current by it.

    :raises ContentError: it is larger than a list may be.
    """
    if len(content) > MAX_BYTES:
        raise ContentError(f"the file has {len(content)} bytes, at most {MAX_BYTES}")
    found = digest_bytes(content)
    compressed = await asyncio.to_thread(zlib.compress, content, 6)
    await source.fetch("SELECT greenlight.store_list($1, $2)", found, compressed)
    return found


async def read_content(source: Source, digest: str) -> bytes | None:
    """The file of that digest, None if there is none.

    :raises ContentError: it was tampered with.
    """
    rows = await source.fetch(_READ, digest)
    if not rows:
        return None
    compressed = rows[0]["compressed"]
    assert isinstance(compressed, bytes), "the column is bytea"
    return await asyncio.to_thread(_restored, compressed, digest)


def _restored(compressed: bytes, digest: str) -> bytes:
    try:
        expander = zlib.decompressobj()
        content = expander.decompress(compressed, MAX_BYTES)
    except zlib.error as error:
        raise ContentError(f"the stored file {digest} cannot be read: {error}") from None
    if expander.unconsumed_tail or digest_bytes(content) != digest:
        raise ContentError(f"the stored file is not {digest}")
    return content
