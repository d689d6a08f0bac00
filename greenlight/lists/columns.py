"""The columns of the official CSV, and the limits of what is read."""

from typing import Final, NamedTuple

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_ROWS: Final = 50_000
MAX_FIELD: Final = 64_000
"""Characters of one field that are read; what is longer is cut, and reported."""
MAX_LINES: Final = 20
"""Of one record: a quote that is never closed does not swallow the file."""
MAX_BAD_ROWS: Final = 1_000
"""With more, the file is no such list, and is refused as a whole."""


class Row(NamedTuple):
    """A record of the list exactly as printed, every field as text, in the order of the layout of 2019."""

    source: str = ""
    entity_number: str = ""
    type: str = ""
    programs: str = ""
    name: str = ""
    title: str = ""
    addresses: str = ""
    federal_register_notice: str = ""
    start_date: str = ""
    end_date: str = ""
    standard_order: str = ""
    license_requirement: str = ""
    license_policy: str = ""
    call_sign: str = ""
    vessel_type: str = ""
    gross_tonnage: str = ""
    gross_registered_tonnage: str = ""
    vessel_flag: str = ""
    vessel_owner: str = ""
    remarks: str = ""
    source_list_url: str = ""
    alt_names: str = ""
    citizenships: str = ""
    dates_of_birth: str = ""
    nationalities: str = ""
    places_of_birth: str = ""
    source_information_url: str = ""
    ids: str = ""


LAYOUT_2019: Final = Row._fields
LAYOUT_2026: Final = ("_id", *Row._fields)
"""``_id`` is the number of the row in its file, and means nothing in another."""

NEEDED: Final = frozenset({"source", "name"})
"""Without these a file is no list. Other columns may be missing; that is said."""
