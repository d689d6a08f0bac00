"""The official files, where they are beside the repository or where GREENLIGHT_SHARED_DATA says.

Tests that need them are skipped by name.
"""

import os
from pathlib import Path

import pytest

SHARED = Path(
    os.environ.get("GREENLIGHT_SHARED_DATA", Path(__file__).absolute().parents[2] / "shared" / "data")
)
CCL = SHARED / "commerce_control_list_2026-07-23.json"
CHART = SHARED / "country_chart_2026-07-23.json"
GROUPS = SHARED / "country_groups_2026-07-23.json"
SCREENING_LIST = SHARED / "consolidated_screening_list_2026-07-31.csv"
SCREENING_LIST_OF_2019 = SHARED / "consolidated_screening_list_sample_2019-12-03.csv"


def needs(*files: Path) -> None:
    for file in files:
        if not file.is_file():
            pytest.skip(f"{file.name} is not beside the repository")
