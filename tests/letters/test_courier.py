import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from greenlight.letters.courier import DeliveryError, FolderCourier

ID = "application-Z000001-6-grant"
PDF = b"%PDF-1.7 a letter"


def test_a_letter_is_a_file_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "letters"
    FolderCourier(folder).deliver(ID, PDF)
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [(f"{ID}.pdf", PDF)]


def test_the_same_letter_again_is_the_same_file(tmp_path: Path) -> None:
    courier = FolderCourier(tmp_path)
    courier.deliver(ID, PDF)
    before = (tmp_path / f"{ID}.pdf").stat()
    courier.deliver(ID, PDF)
    assert (tmp_path / f"{ID}.pdf").stat() == before


def test_another_letter_under_the_same_id_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    courier = FolderCourier(tmp_path)
    courier.deliver(ID, PDF)
    with pytest.raises(DeliveryError, match="another letter is there"):
        courier.deliver(ID, PDF + b"!")
    assert (tmp_path / f"{ID}.pdf").read_bytes() == PDF


def test_many_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    courier = FolderCourier(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        for delivery in [pool.submit(courier.deliver, ID, PDF) for _ in range(40)]:
            delivery.result()
    assert [path.name for path in tmp_path.iterdir()] == [f"{ID}.pdf"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryError, match="Not a directory"):
        FolderCourier(tmp_path / "file" / "letters").deliver(ID, PDF)


def test_a_letter_that_cannot_be_written_whole_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DeliveryError, match="No space left"):
        FolderCourier(tmp_path).deliver(ID, PDF)
    assert list(tmp_path.iterdir()) == []
