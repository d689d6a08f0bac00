"""The docket of 2019 as data, and files that are refused."""

import json
from pathlib import Path

import pytest

from greenlight.reference.dockets import HUAWEI, load_docket
from greenlight.reference.errors import ReferenceDataError


def test_every_figure_has_its_source() -> None:
    file = load_docket()
    reported = (*file.received, file.green_light, file.first_decisions, file.later, file.stuck)
    assert all(each.source and each.reported for each in reported)
    assert [(each.through.isoformat(), each.applications) for each in file.received] == [
        ("2019-07-31", 50),
        ("2019-08-27", 130),
        ("2019-10-03", 200),
        ("2019-11-19", 290),
    ]
    assert (file.later.approved, file.later.returned, file.later.denied) == (113, 48, 2)


@pytest.mark.parametrize(
    ("section", "changes", "field"),
    [
        ("later", {"approved": 112}, "later.approved_by_class"),
        ("green_light", {"day": "2019-12-01"}, "green_light"),
        ("stuck", {"applications": -1}, "stuck.applications"),
        ("stuck", {"more": 1}, "stuck.more"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(
    tmp_path: Path, section: str, changes: dict[str, object], field: str
) -> None:
    content = json.loads(HUAWEI.read_text(encoding="utf-8"))
    content[section] |= changes
    assert field in refused(tmp_path, content)


def test_what_was_received_grows(tmp_path: Path) -> None:
    content = json.loads(HUAWEI.read_text(encoding="utf-8"))
    content["received"].reverse()
    assert "grows" in refused(tmp_path, content)


def refused(folder: Path, content: object) -> str:
    file = folder / "docket.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ReferenceDataError) as error:
        load_docket(file)
    return str(error.value)
