"""The store of attachments, as settings say."""

from greenlight.attached.store import Folder, Store
from greenlight.codec.sealing import CodecMode, Sealing
from greenlight.connection.converter import keys_of
from greenlight.connection.settings import Settings


def store_of(settings: Settings, sealing: Sealing) -> Store:
    """The store, which encrypts as payloads are encrypted.

    :raises CodecKeysError: the keys are not there, or not as they must be.
    """
    return Folder(settings.attachment_path, keys_of(sealing), sealed=sealing.mode is not CodecMode.OFF)
