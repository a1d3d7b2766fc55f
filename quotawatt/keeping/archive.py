"""An archive of files: a packed tar, its last member the manifest that says what the others must be."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

import pyarrow as pa

from quotawatt.errors import InputError, StoreError

MANIFEST = "manifest.json"
FORMAT = 1

_PIECE_BYTES = 1 << 20
_BROKEN = (tarfile.TarError, OSError, EOFError, zlib.error, pa.ArrowException)


@dataclass
class Archive:
    """An archive that is being written. ``files`` says of each member its SHA-256, length and mode."""

    tar: tarfile.TarFile
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, path: Path, name: str) -> None:
        """Add a file under a name. One that grows meanwhile is cut at the length it had."""
        with path.open("rb") as content:
            info = self.tar.gettarinfo(arcname=name, fileobj=content)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            hashed = _Hashed(content, info.size)
            self.tar.addfile(info, cast("IO[bytes]", hashed))
        self.files[name] = {
            "sha256": hashed.digest.hexdigest(),
            "bytes": info.size,
            "mode": info.mode & 0o777,
        }

    def close(self, manifest: Mapping[str, Any]) -> None:
        """Add the manifest, with what is known of the files."""
        document = {"format": FORMAT, **manifest, "files": self.files}
        body = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(body), 0o600
        self.tar.addfile(info, io.BytesIO(body))


@contextmanager
def written(target: IO[bytes], packing: str) -> Iterator[Archive]:
    """An archive into ``target``, packed by ``zst`` or ``gz``."""
    with (
        _packed(target, packing) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield Archive(tar)


def packing_of(path: Path) -> str:
    """How a file is packed, by its name. Raises InputError for any but .tar.zst and .tar.gz."""
    for packing in ("zst", "gz"):
        if path.name.endswith(f".tar.{packing}"):
            return packing
    raise InputError(f"a backup must be called *.tar.zst or *.tar.gz, got {path.name!r}")


def unpack(path: Path, folder: Path | None, packing: str) -> dict[str, Any]:
    """Write the members of an archive into ``folder`` (None: only verify them); returns its manifest.

    Raises InputError where the file is none, is cut, or holds anything that the manifest does not say,
    StoreError where the disk fails or is full.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with (
            path.open("rb") as raw,
            _unpacked(raw, packing) as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or manifest is not None:
                    raise InputError(f"a backup must hold plain files only, got {member.name!r}")
                if member.name == MANIFEST:
                    manifest = json.loads(content.read())
                else:
                    found[member.name] = _taken_out(member, content, folder)
    except (*_BROKEN, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise StoreError(
                f"a backup must be readable, with room for what is in it, got {path}: {error}"
            ) from None
        raise InputError(f"a backup must be whole, got {path}: {error}") from None
    return _checked(manifest, found)


def _taken_out(member: tarfile.TarInfo, content: IO[bytes], folder: Path | None) -> dict[str, Any]:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or not name.parts:
        raise InputError(f"a file of a backup must lie within it, got {member.name!r}")
    hashed = _Hashed(content, member.size)
    with _target(folder, name) as file:
        while piece := hashed.read(_PIECE_BYTES):
            file.write(piece)
    digest = hashed.digest.hexdigest()
    return {"sha256": digest, "bytes": member.size, "mode": member.mode & 0o777}


@contextmanager
def _target(folder: Path | None, name: PurePosixPath) -> Iterator[IO[bytes]]:
    """A new file in the folder, for its owner alone; without a folder one that keeps nothing."""
    if folder is None:
        with Path(os.devnull).open("wb") as nowhere:
            yield nowhere
        return
    path = folder.joinpath(*name.parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(0o600)
        yield file


def _checked(
    manifest: dict[str, Any] | None, found: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    if manifest is None or not isinstance(manifest.get("files"), dict):
        raise InputError("a backup must end with its manifest, got none: it was cut")
    if manifest.get("format") != FORMAT:
        raise InputError(f"a backup must be of format {FORMAT}, got {manifest.get('format')!r}")
    said = manifest["files"]
    wrong = sorted(n for n in {*said, *found} if said.get(n) != found.get(n))
    if wrong:
        raise InputError(
            f"the files of a backup must be those of its manifest, got {len(wrong)} that are not: "
            f"{', '.join(wrong[:5])}"
        )
    return manifest


@contextmanager
def _packed(target: IO[bytes], packing: str) -> Iterator[IO[bytes]]:
    if packing == "gz":
        with gzip.GzipFile(fileobj=target, mode="wb", compresslevel=6, mtime=0) as file:
            yield cast("IO[bytes]", file)
        return
    sink = pa.PythonFile(_Unclosed(target), mode="w")
    with sink, pa.CompressedOutputStream(sink, "zstd") as file:
        yield cast("IO[bytes]", file)


@contextmanager
def _unpacked(source: IO[bytes], packing: str) -> Iterator[IO[bytes]]:
    if packing == "gz":
        with gzip.GzipFile(fileobj=source, mode="rb") as file:
            yield cast("IO[bytes]", file)
        return
    with (
        pa.PythonFile(cast("io.IOBase", source), mode="r") as raw,
        pa.CompressedInputStream(raw, "zstd") as file,
    ):
        yield cast("IO[bytes]", file)


class _Unclosed(io.RawIOBase):
    """A file to write to that stays open when this is closed."""

    def __init__(self, target: IO[bytes]) -> None:
        super().__init__()
        self._target = target

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any, /) -> int:
        """Add to its end."""
        return self._target.write(data)


class _Hashed(io.RawIOBase):
    """What is read of a file, up to a length, with its SHA-256."""

    def __init__(self, content: IO[bytes], length: int) -> None:
        super().__init__()
        self.digest = hashlib.sha256()
        self._content, self._left = content, length

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer at the end."""
        piece = self._content.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        self.digest.update(piece)
        return piece
