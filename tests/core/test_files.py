"""Files are whole or not there; no key leads out of the folder; no room is said so."""

import errno
import os
from pathlib import Path

import pytest

from webapp.core import files
from webapp.core.errors import StorageFull
from webapp.core.files import FileStore

CONTENT = "Ảnh suối Nậm Rốm".encode()


def everything(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.is_file()]


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    key = store.put("sealed", CONTENT)
    assert store.put("sealed", CONTENT) == key
    assert store.get(key) == CONTENT
    assert everything(tmp_path) == [key.rsplit("/", 1)[1]]


def test_a_removal_may_run_twice(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    key = store.put("renditions", CONTENT)
    store.remove(key)
    store.remove(key)
    with pytest.raises(FileNotFoundError):
        store.get(key)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_no_room_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "fsync", _failing(code))
    with pytest.raises(StorageFull) as refused:
        FileStore(tmp_path).put("sealed", CONTENT)
    assert "hết chỗ" in str(refused.value.detail)
    assert everything(tmp_path) == []


def test_another_fault_of_the_disk_is_not_called_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _failing(errno.EIO))
    with pytest.raises(OSError, match="đĩa") as failed:
        FileStore(tmp_path).put("sealed", CONTENT)
    assert failed.value.errno == errno.EIO
    assert everything(tmp_path) == []


@pytest.mark.parametrize(
    "key",
    ["secrets/ab/abcd", "sealed/ab/../x", "sealed/ab/ab..", "sealed/cd/abcd", "sealed/abcd", ""],
)
def test_no_other_key_is_read_or_removed(tmp_path: Path, key: str) -> None:
    store = FileStore(tmp_path)
    for act in (store.get, store.remove):
        with pytest.raises(ValueError):
            act(key)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    FileStore(tmp_path / "mới").check()
    (tmp_path / "tệp").write_bytes(b"")
    with pytest.raises(OSError):
        FileStore(tmp_path / "tệp").check()


def test_before_start_up_there_is_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_store", None)
    with pytest.raises(RuntimeError, match="configure"):
        files.store()


def _failing(code: int) -> object:
    def fsync(_descriptor: int) -> None:
        raise OSError(code, "đĩa hỏng")

    return fsync
