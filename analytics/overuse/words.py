"""The words of sentences about overuse, as they stand in ``words.yaml``."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from quotawatt.settings import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def words() -> Mapping[str, Any]:
    """All of them, by section."""
    text = files("analytics.overuse").joinpath("words.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def word(section: str, language: Language, name: str = "", **values: object) -> str:
    """One text of a section with its values filled in."""
    entry = words()[section]
    text: str = (entry[name] if name else entry)[language]
    return text.format(**values)
