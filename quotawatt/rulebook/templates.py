"""Packs of provinces whose standard is not at hand: instruments without numbers, which give no quota."""

from pathlib import Path

from quotawatt.rulebook.loader import BUILTIN_PACKS, load_rulebook
from quotawatt.rulebook.model import Rulebook

TEMPLATES = BUILTIN_PACKS / "templates"
"""Where they lie: to be copied and filled in, see docs/rulebook.md."""


def template_book(folder: Path = TEMPLATES) -> Rulebook:
    """The templates alone, beside no other pack. Raises RulebookError for a broken one."""
    return load_rulebook([folder], builtin=False)
