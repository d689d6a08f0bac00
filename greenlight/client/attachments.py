"""The documents that a filing names, by the front door: brought by its applicant, fetched by its readers.

Each is held against its digest, which was signed with the filing, before it leaves and once it came.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from greenlight.client.answers import Refused
from greenlight.client.front_door import PATIENCE, FrontDoor, front_door
from greenlight.kernel.model import Model
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.attachments import Attachment, digest_of


class Brought(NamedTuple):
    """The number of a document in its filing, and whether its bytes were not there before."""

    number: int
    new: bool


class Fetched(NamedTuple):
    """A document as the filing names it, with its bytes."""

    named: Attachment
    content: bytes


class _Named(Attachment):
    number: int
    there: bool


class _Attached(Model):
    stream: str
    attachments: tuple[_Named, ...]


async def bring_attachment(
    address: str, token: Callable[[], str], stream: str, content: bytes, *, patience: timedelta = PATIENCE
) -> Brought:
    """Bring the bytes of a document that a filing names, which its digest finds. Once more changes nothing.

    :param address: of the front door, such as ``https://door.example.gov``.
    :param token: gives the applicant's token, anew each time: ``lambda: signer.reading(Role.APPLICANT)``.
    :param stream: ``application-A123456``.
    :raises Refused: with the code: the filing names no such document (``other_bytes``), or is not theirs.
    :raises Unanswered: the front door is away. Bring it again.
    """
    digest = digest_of(content)
    async with front_door(address, token, patience) as door:
        named = next((each for each in await _named(door, stream) if each.digest == digest), None)
        if named is None:
            problem = f"the filing names no attachment with the digest {digest}"
            raise Refused(str(RefusalCode.OTHER_BYTES), problem)
        path = f"/cases/{stream}/attachments/{named.number}"
        answer = await door.put(path, content, named.type.value, go_on="bring it again")
        return Brought(named.number, answer.status_code == 201)


async def fetch_attachment(
    address: str, token: Callable[[], str], stream: str, number: int, *, patience: timedelta = PATIENCE
) -> Fetched:
    """Fetch a document of a case by its number in the filing, from 1; as `bring_attachment`.

    :raises Refused: with the code: there is none, it was not brought yet, the case is not open to them, or
        what came is not what the filing names (``other_bytes``).
    :raises Unanswered: the front door is away.
    """
    async with front_door(address, token, patience) as door:
        named = next((each for each in await _named(door, stream) if each.number == number), None)
        if named is None:
            raise Refused(str(RefusalCode.NO_SUCH_ATTACHMENT), f"the filing names no attachment {number}")
        answer = await door.get(f"/cases/{stream}/attachments/{number}", {}, go_on="fetch it again")
    if not named.is_of(answer.content):
        raise Refused(str(RefusalCode.OTHER_BYTES), f"what came is not attachment {number} of the filing")
    as_filed = Attachment(title=named.title, type=named.type, size=named.size, digest=named.digest)
    return Fetched(as_filed, answer.content)


async def _named(door: FrontDoor, stream: str) -> tuple[_Named, ...]:
    answer = await door.get(f"/cases/{stream}/attachments", {}, go_on="ask again")
    return _Attached.model_validate_json(answer.content).attachments
