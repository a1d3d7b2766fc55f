"""Which code runs here: what two machines must have in common to give the same results."""

import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import analytics
import quotawatt

_LIBRARIES = ("numpy", "pandas", "pyarrow")


class Build(NamedTuple):
    """The program's version and code (a digest of its source), and what it stands on."""

    version: str
    code: str
    python: str
    libraries: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"quotawatt {self.version} ({self.code}), Python {self.python}, "
            f"{', '.join(self.libraries)}"
        )


@cache
def build_here() -> Build:
    """That of this process, as it was when first asked for."""
    return Build(
        metadata.version("quotawatt"),
        code_digest([Path(package.__path__[0]) for package in (quotawatt, analytics)]),
        platform.python_version(),
        tuple(f"{name} {metadata.version(name)}" for name in _LIBRARIES),
    )


def code_digest(roots: Iterable[Path]) -> str:
    """Twelve hexadecimal digits that any change of a Python source below the folders changes."""
    digest = hashlib.sha256()
    for root in roots:
        for source in sorted(root.rglob("*.py")):
            digest.update(source.relative_to(root).as_posix().encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
