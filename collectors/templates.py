"""Templates: names made of what a topic or a payload says, such as ``{com_port}/{module}``.

What stands in braces is a name that the caller gives (``{channel}``, ``{device}``, ``{1}``) or else a path
in the payload.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from collectors.paths import Path, is_plain, look_up, split_path
from quotawatt.errors import InputError

_PIECE = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template: its fixed texts and, as (name, path), its placeholders."""

    text: str
    pieces: tuple[str | tuple[str, Path], ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        """Those of its placeholders."""
        return tuple(piece[1] for piece in self.pieces if not isinstance(piece, str))

    def fill(self, node: object, given: Mapping[str, str]) -> str | None:
        """The name; None where a placeholder has nothing to stand for. Spaces around it are dropped."""
        parts = []
        for piece in self.pieces:
            if isinstance(piece, str):
                parts.append(piece)
                continue
            name, path = piece
            part = given[name] if name in given else text_of(look_up(node, path))
            if part is None:
                return None
            parts.append(part)
        return "".join(parts).strip()


def compile_template(text: str) -> Template:
    """Compile a template. Raises InputError where a brace stands alone or a path is wrong."""
    pieces: list[str | tuple[str, Path]] = []
    for name, fixed, stray in _PIECE.findall(text):
        if stray or not (name or fixed):
            raise InputError(f"a template must have a path in each pair of braces, got {text!r}")
        pieces.append(fixed or (name, _plain_path(name)))
    return Template(text, tuple(pieces))


def _plain_path(name: str) -> Path:
    path = split_path(name)
    if not all(is_plain(key) for key in path):
        raise InputError(f"a template's path must have plain keys only, got {name!r}")
    return path


def text_of(value: object) -> str | None:
    """A text as it is, a number or truth value as in JSON; None for anything else.

    A whole number reads the same whether it was written with decimals or not: 1.0 is 1.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)) and abs(value) < 1e300:
        return repr(int(value) if value == value // 1 and abs(value) < 1e15 else value)
    return None
