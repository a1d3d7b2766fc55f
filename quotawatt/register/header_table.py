"""The table of names, ``headers.yaml``, and how spellings are compared."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def spelled(text: str) -> str:
    """The text as spellings are compared: plain forms, small letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


_TOGETHER = ("units", "multiples", "words", "kind_columns")
_BESIDE = ("headers_hand.yaml", "headers_fleet.yaml")


@cache
def header_table() -> Mapping[str, Any]:
    """All of it, as it is written: of the register, with the forms beside it."""
    table = _read("headers.yaml")
    for beside in map(_read, _BESIDE):
        together = {name: {**table[name], **beside[name]} for name in _TOGETHER}
        own = {name: beside[name] for name in ("forms", "also", "fleet_forms") if name in beside}
        table = {**table, **together, **own}
    return table


def _read(name: str) -> Mapping[str, Any]:
    text = files("quotawatt.register").joinpath(name).read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found
