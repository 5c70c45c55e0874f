"""Files under content-hash names in a local folder: written, synced, renamed, synced again.

Keys are ``area/ab/abcdef…``; the area says what may ever be served (``renditions``, ``audio``)
and what may not (``sealed``).
"""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from webapp.core.errors import StorageFull
from webapp.core.text import _

AREAS = ("sealed", "renditions", "documents", "audio")
_DRAFT = ".new-"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class FileStore:
    """A folder of immutable files. An existing file of the same content is kept."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, area: str, content: bytes) -> str:
        """Store durably and return the key. Raises StorageFull when there is no room."""
        name = hashlib.sha256(content).hexdigest()
        key = f"{area}/{name[:2]}/{name}"
        target = self._path(key)
        with suppress(FileNotFoundError):
            os.utime(target)  # in use again: the sweep of files without rows counts from now
            return key
        try:
            self._write(target, content)
        except OSError as exc:
            if exc.errno in _NO_ROOM:
                raise StorageFull(
                    _("Máy chủ tạm hết chỗ lưu ảnh. Xin gửi lại sau ít phút.")
                ) from exc
            raise
        return key

    def get(self, key: str) -> bytes:
        """The content. Raises FileNotFoundError."""
        return self._path(key).read_bytes()

    def remove(self, key: str) -> None:
        """Remove for good; a missing file is no error, so that a removal may run twice."""
        self._path(key).unlink(missing_ok=True)

    def older_than(self, instant: datetime) -> Iterator[str]:
        """The keys of files last put before the instant, drafts of a write that died among them."""
        for area in AREAS:
            for path in (self.root / area).glob("*/*"):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < instant.timestamp():
                        yield f"{area}/{path.parent.name}/{path.name}"

    def check(self) -> None:
        """Write and remove a probe; raises OSError when the folder cannot be written."""
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.root):
            pass

    def _path(self, key: str) -> Path:
        area, prefix, name = key.split("/")
        draft = name.startswith(_DRAFT) and name.removeprefix(_DRAFT).isidentifier()
        if area not in AREAS or not (draft or (name.isalnum() and name[:2] == prefix)):
            raise ValueError(f"not a file key: {key!r}")
        return self.root / area / prefix / name

    def _write(self, target: Path, content: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=_DRAFT)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        _sync_folder(target.parent.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_store: FileStore | None = None


def configure(store: FileStore) -> None:
    """Set the store; called once when the application is made."""
    global _store
    _store = store


def store() -> FileStore:
    """The store in force. Raises RuntimeError before start-up."""
    if _store is None:
        raise RuntimeError("files.configure was not called")
    return _store
