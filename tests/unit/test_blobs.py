"""Blobs: whole or not there, once, and never other bytes than those that were stored."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mutakhir.gateways.blobs import BlobDamaged, BlobMissing, Blobs, BlobTooLarge

BODY = b"%PDF-1.7 a letter\n" * 5000


def put(blobs: Blobs, body: bytes, *, limit_bytes: int = 1 << 20) -> str:
    stored = blobs.put(io.BytesIO(body), limit_bytes=limit_bytes)
    assert stored.size_bytes == len(body)
    return stored.digest


def get(blobs: Blobs, digest: str) -> bytes:
    with blobs.open(digest) as stream:
        return stream.read()


def test_what_is_put_is_read_back_under_its_digest(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = put(blobs, BODY)
    assert digest == hashlib.sha256(BODY).hexdigest()
    assert (tmp_path / "blobs" / digest[:2] / digest[2:4] / digest).read_bytes() == BODY
    assert get(blobs, digest) == BODY
    assert blobs.has(digest)
    assert list((tmp_path / "blobs" / "incoming").iterdir()) == []


def test_the_same_bytes_are_stored_once_and_the_file_is_not_touched_again(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    digest = put(blobs, BODY)
    before = blobs.path(digest).stat()
    assert put(blobs, BODY) == digest
    after = blobs.path(digest).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    other = put(blobs, b"other")
    assert list(blobs.digests()) == sorted([digest, other])


def test_too_much_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    put(blobs, b"x" * 100, limit_bytes=100)
    with pytest.raises(BlobTooLarge) as caught:
        put(blobs, b"y" * 101, limit_bytes=100)
    assert caught.value.limit_bytes == 100
    assert len(list(blobs.digests())) == 1
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 0:
                raise ConnectionResetError
            return super().read(10)

    blobs = Blobs(tmp_path)
    with pytest.raises(ConnectionResetError):
        blobs.put(Breaking(BODY), limit_bytes=1 << 20)
    assert list(blobs.digests()) == []
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_damaged_blob_is_not_served_and_is_mended_by_putting_it_again(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    digest = put(blobs, BODY)
    blobs.path(digest).chmod(0o640)
    with blobs.path(digest).open("r+b") as stream:
        stream.seek(50_000)
        stream.write(b"\x00")
    with pytest.raises(BlobDamaged), blobs.open(digest):
        pass
    assert put(blobs, BODY) == digest
    assert get(blobs, digest) == BODY
    assert len(list((tmp_path / "damaged").iterdir())) == 1


def test_what_was_never_stored_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BlobMissing), Blobs(tmp_path).open("ab" * 32):
        pass
    assert not Blobs(tmp_path).has("ab" * 32)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "AB" * 32, "ab" * 31 + "/.", "ab" * 32 + "\n"])
def test_only_a_digest_names_a_blob(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal"), Blobs(tmp_path).open(digest):
        pass


WRITER = """
import sys
from pathlib import Path
from mutakhir.gateways.blobs import Blobs

class Slow:
    def __init__(self):
        self.rest = int(sys.argv[2])

    def read(self, size):
        if self.rest == 0:
            print("all but the last byte", flush=True)
            sys.stdin.readline()
            self.rest = -1
            return b"!"
        if self.rest < 0:
            return b""
        self.rest -= 1
        return b"%064d" % self.rest * 1000

print(Blobs(Path(sys.argv[1])).put(Slow(), limit_bytes=1 << 30).digest, flush=True)
"""


def writer(folder: Path, pieces: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(pieces)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_a_killed_process_leaves_no_half_blob(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    with writer(tmp_path, 50) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("all but")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
    assert process.returncode == -signal.SIGKILL
    (left,) = (tmp_path / "incoming").iterdir()
    assert left.stat().st_size == 50 * 64_000
    assert list(blobs.digests()) == []
    hour = timedelta(hours=1)
    now = datetime.fromtimestamp(left.stat().st_mtime, UTC)
    assert blobs.sweep(before=now - hour) == 0
    assert blobs.sweep(before=now + hour) == 1
    assert list((tmp_path / "incoming").iterdir()) == []


def test_processes_that_put_the_same_bytes_at_once_all_succeed(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    processes = [writer(tmp_path, 20) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("all but")
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    digests = set()
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        digests.add(out.strip())
    (digest,) = digests
    assert list(blobs.digests()) == [digest]
    assert len(get(blobs, digest)) == 20 * 64_000 + 1
    assert blobs.path(digest).stat().st_nlink == 1


def test_writers_killed_at_any_moment_leave_only_whole_blobs(tmp_path: Path) -> None:
    """Eight writers, each killed a little later: whatever has a name then is whole."""
    blobs = Blobs(tmp_path)
    for pause_seconds in (0.0, 0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016):
        with writer(tmp_path, 200) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            process.stdout.readline()
            process.stdin.write("\n")
            process.stdin.flush()
            until = time.perf_counter() + pause_seconds
            while time.perf_counter() < until:
                pass
            process.kill()
            process.wait(timeout=30)
        for digest in blobs.digests():
            assert len(get(blobs, digest)) == 200 * 64_000 + 1
            os.rename(blobs.path(digest), tmp_path / "seen")  # noqa: PTH104


def test_windows_stores_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There no file can be told its rights by its handle, and no folder can be opened."""

    def refuse(folder: Path, flags: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    blobs = Blobs(tmp_path)
    with monkeypatch.context() as there:
        there.setattr(sys, "platform", "win32")
        there.delattr(os, "fchmod")
        there.setattr(os, "open", refuse)
        digest = put(blobs, BODY)
    assert get(blobs, digest) == BODY
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_folder_without_hard_links_stores_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    blobs = Blobs(tmp_path)
    digest = put(blobs, BODY)
    inode = blobs.path(digest).stat().st_ino
    assert put(blobs, BODY) == digest
    assert blobs.path(digest).stat().st_ino == inode
    assert get(blobs, digest) == BODY
