"""The reasons for which a command to a batch is refused, beside those of every case."""

from greenlight.kernel.refusal import Code


class BatchRefusal(Code):
    """As ``RefusalCode``: value, meaning, and the status by which HTTP tells it."""

    ROOT_DIFFERS = "root_differs", "The signed root and size are not those of the batch's cases.", 422
