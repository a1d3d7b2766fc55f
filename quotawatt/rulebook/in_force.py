"""Which packs count: the program's own, those of the settings' folders, and those that were approved."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from quotawatt.errors import RulebookError
from quotawatt.findings import Finding
from quotawatt.rulebook.loader import BUILTIN_PACKS, PackText, load_rulebook, pack_files
from quotawatt.rulebook.model import Rulebook

Origin = Literal["builtin", "folder", "approved"]


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that counts.

    place
        Path of its file; empty where it lies in the record store only.
    """

    name: str
    origin: Origin
    raw: bytes
    place: str = ""

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of its bytes."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class PacksInForce:
    """The packs that count, and ``pack_not_approved`` for each file that does not count as it is."""

    packs: tuple[Pack, ...]
    notes: tuple[Finding, ...] = ()

    def rulebook(self) -> Rulebook:
        """All of them together. Raises RulebookError with every problem."""
        own = [PackText(p.place or p.name, p.raw) for p in self.packs if p.origin != "builtin"]
        return load_rulebook(texts=own)

    def with_pack(self, name: str, text: str) -> "PacksInForce":
        """The same with another text under the name; an empty one takes the pack out."""
        others = tuple(p for p in self.packs if p.name != name or p.origin == "builtin")
        new = (Pack(name, "approved", text.encode()),) if text else ()
        return PacksInForce((*others, *new))

    def with_folder(self, folder: Path) -> "PacksInForce":
        """The same with the packs of a folder, in the place of those of the same names.

        The program's own folder adds nothing, for its packs are there.

        Raises RulebookError for a folder or file that cannot be read.
        """
        if folder.resolve() == BUILTIN_PACKS.resolve():
            return self
        files = [Pack(p.name, "folder", _read(p), str(p)) for p in _files([folder])]
        names = {pack.name for pack in files}
        kept = (p for p in self.packs if p.origin == "builtin" or p.name not in names)
        return PacksInForce((*kept, *files), self.notes)

    def sha256_of(self, name: str) -> str:
        """Hash of the pack of this name that is not the program's own; empty: there is none."""
        found = (p.sha256 for p in self.packs if p.name == name and p.origin != "builtin")
        return next(found, "")


def packs_in_force(
    folders: Sequence[Path], approved: Mapping[str, str], *, need_approval: bool
) -> PacksInForce:
    """The packs that count now.

    approved
        The text that was approved last, by name of the pack; empty where it was approved that it goes.
    need_approval
        Whether a file of the folders counts only as it was approved: in the place of one that was changed
        since, the approved text counts. Else the file does, and approved packs count beside the files.

    Raises RulebookError for a folder or file that cannot be read.
    """
    builtin = tuple(
        Pack(p.name, "builtin", p.read_bytes(), str(p)) for p in _files([BUILTIN_PACKS])
    )
    files = [Pack(p.name, "folder", _read(p), str(p)) for p in _files(folders)]
    if need_approval:
        notes = tuple(note for pack in files if (note := _note(pack, approved)) is not None)
        files = [p for p in files if approved.get(p.name) == p.raw.decode(errors="replace")]
    else:
        notes = ()
    present = {pack.name for pack in files}
    stored = tuple(
        Pack(name, "approved", text.encode())
        for name, text in sorted(approved.items())
        if text and name not in present
    )
    return PacksInForce((*builtin, *files, *stored), notes)


def _files(folders: Sequence[Path]) -> list[Path]:
    problems: list[str] = []
    found = dict.fromkeys(folder.resolve() for folder in folders)
    files = [path for folder in found for path in pack_files(folder, problems)]
    if problems:
        raise RulebookError(problems)
    return files


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RulebookError([f"{path}:1: a pack must be readable, got {error.strerror}"]) from None


def _note(pack: Pack, approved: Mapping[str, str]) -> Finding | None:
    text = approved.get(pack.name)
    if text is not None and text.encode() == pack.raw:
        return None
    said = {
        "sha256": pack.sha256,
        "approved_sha256": hashlib.sha256(text.encode()).hexdigest() if text else None,
    }
    return Finding("pack_not_approved", pack.name, said)
