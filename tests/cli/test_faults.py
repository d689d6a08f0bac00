"""All that is wrong with what was given is said at once, and counted as people do: from one."""

from pathlib import Path

import pytest

from tests.cli.commands import printed


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            (
                *("authorised", "--exporter", "acme", "--to", "CN", "--party", "X"),
                *("--item", "5A991", "--item", "EAR99:1:pieces:2USD", "--item", "x:y"),
            ),
            ("--item 5A991: give", "--item x:y: give"),
        ),
        (
            (
                *("determine", "--item", "EAR99", "--to", "CN", "--party", "X"),
                *("--end-use", "no-such=yes", "--end-use", "none", "--end-use", "neither"),
            ),
            ("--end-use no-such=yes, neither: give none",),
        ),
        (
            (
                *("report-shipment", "D000001", "--itn", "X20260902000001", "--as", "acme"),
                *("--shipped-on", "soon"),
                *("--line", "1:2", "--line", "1:2:3", "--line", "a:b:c"),
            ),
            ("--shipped-on: soon: give a day", "--line: 1:2: give", "--line: a:b:c: give"),
        ),
        (
            ("determine", "--item", "5Z991", "--item", "EAR99.a", "--to", "CN", "--party", "X"),
            ("items 1, classification: ", "items 2"),
        ),
    ],
)
def test_every_fault_of_repeated_options_is_told(
    words: tuple[str, ...], told: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLIGHT_DATA", str(tmp_path))
    said = printed(*words)
    assert said.code == 2, said
    assert all(each in said.err for each in told), said.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{\n  "a": \xff\n}', "is not UTF-8 text: line 2, byte 8 cannot be read"),
        (b"\xff", "is not UTF-8 text: line 1, byte 1 cannot be read"),
        (b"{\n\n  oops\n}", "is not JSON: key must be a string at line 3 column 3"),
    ],
)
def test_a_place_in_a_file_is_a_line_as_editors_count_them(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "application.json"
    file.write_bytes(content)
    said = printed("submit", str(file), "--as", "acme")
    assert (said.code, told in said.err) == (2, True), said.err


def test_every_fault_of_a_body_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "card.json"
    file.write_text("{}")
    said = printed("officer", "found", str(file), str(file))
    assert said.code == 2
    assert all(f"{name}: Field required" in said.err for name in ("officer", "person", "public_key")), (
        said.err
    )
