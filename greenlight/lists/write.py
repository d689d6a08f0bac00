"""Rows as a file in one of the two layouts."""

import csv
import io
from collections.abc import Iterable, Sequence

from greenlight.lists.columns import LAYOUT_2026, Row


def write_list(rows: Iterable[Row], layout: Sequence[str] = LAYOUT_2026) -> bytes:
    """The rows under the columns of ``layout``, in their order, in UTF-8; ``_id`` counts them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(layout)
    for number, row in enumerate(rows, 1):
        values = row._asdict() | {"_id": str(number)}
        writer.writerow(values[column] for column in layout)
    return text.getvalue().encode()
