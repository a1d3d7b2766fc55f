"""What no command is ever offered for: fire protection, lifts, medicine, data centres, and their like.

The list is data (``never.yaml``). Kinds and names of equipment are free texts, so that no list of words can
be whole: rules offer commands for what they name, and a second person confirms each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from quotawatt.register.model import Charger, Equipment, Meter, Register, Space

_FILE = Path(__file__).with_name("never.yaml")


@dataclass(frozen=True, slots=True)
class Never:
    """The list. ``words`` are in small letters."""

    items: frozenset[str]
    carriers: frozenset[str]
    uses: frozenset[str]
    organisation_kinds: frozenset[str]
    words: tuple[str, ...]


@cache
def never() -> Never:
    """The list that comes with the program."""
    found = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    words = tuple(str(word) for line in found.pop("words") for word in line)
    return Never(**{name: frozenset(listed) for name, listed in found.items()}, words=words)


def why_never(register: Register, code: str, listed: Never) -> str:
    """Why nothing that feeds this asset may be commanded, in words; empty where it may.

    Only meters, equipment, chargers and rooms may; a meter, and what it serves, must both be allowed.
    """
    return next(_reasons(register, code, listed), "")


def _reasons(register: Register, code: str, listed: Never) -> Iterator[str]:
    asset = register.assets.get(code)
    if not isinstance(asset, Meter | Equipment | Charger | Space):
        yield f"what is commanded must be a meter, equipment, a charger or a room, got {code}"
        return
    kind = register.organisations.get(register.organisation_of(code) or "")
    if kind is not None and kind.kind in listed.organisation_kinds:
        yield f"nothing of this kind of organisation may be commanded, got {kind.kind}"
    if isinstance(asset, Meter) and asset.carrier in listed.carriers:
        yield f"nothing but electricity may be commanded, got {asset.carrier}"
    if isinstance(asset, Meter) and asset.item in listed.items:
        yield f"this item of sub-metering may not be commanded, got {asset.item or 'the whole'}"
    if isinstance(asset, Space) and asset.use in listed.uses:
        yield f"a room of this use may not be commanded, got {asset.use}"
    texts = (asset.name_zh, asset.name_en, asset.kind if isinstance(asset, Equipment) else "")
    for word in listed.words:
        if any(_says(text.casefold(), word) for text in texts):
            yield f"what is called so may not be commanded, got {word}"
    if isinstance(asset, Meter) and asset.serves:
        yield from _reasons(register, asset.serves, listed)


def _says(text: str, word: str) -> bool:
    """Whether a text holds the word; one in Latin letters as a word of its own."""
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z]){word}(?![a-z])", text) is not None
