import asyncio
import os
import stat
from pathlib import Path

import pytest

from greenlight.letters.courier import DeliveryError, Dispatch, FolderCourier

ID = "application-Z000001-6-grant"
PDF = b"%PDF-1.7 a letter"
LETTER = Dispatch(ID, PDF)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_letter_is_a_file_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "letters"
    await FolderCourier(folder).deliver(LETTER)
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [(f"{ID}.pdf", PDF)]


async def test_the_same_letter_again_is_the_same_file(tmp_path: Path) -> None:
    courier = FolderCourier(tmp_path)
    await courier.deliver(LETTER)
    before = (tmp_path / f"{ID}.pdf").stat()
    await courier.deliver(LETTER)
    assert (tmp_path / f"{ID}.pdf").stat() == before


async def test_another_letter_under_the_same_id_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    courier = FolderCourier(tmp_path)
    await courier.deliver(LETTER)
    with pytest.raises(DeliveryError, match="another letter is there"):
        await courier.deliver(Dispatch(ID, PDF + b"!"))
    assert (tmp_path / f"{ID}.pdf").read_bytes() == PDF


async def test_many_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    courier = FolderCourier(tmp_path)
    await asyncio.gather(*(courier.deliver(LETTER) for _ in range(40)))
    assert names(tmp_path) == [f"{ID}.pdf"]


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryError, match="Not a directory"):
        await FolderCourier(tmp_path / "file" / "letters").deliver(LETTER)


async def test_a_letter_that_cannot_be_written_whole_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DeliveryError, match="No space left"):
        await FolderCourier(tmp_path).deliver(LETTER)
    assert names(tmp_path) == []


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
async def test_nobody_but_its_owner_reads_the_folder_or_what_is_in_it(tmp_path: Path, mask: int) -> None:
    folder, before = tmp_path / "letters", os.umask(mask)
    try:
        await FolderCourier(folder).deliver(LETTER)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {"letters": 0o700, f"{ID}.pdf": 0o600}
