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


@cache
def header_table() -> Mapping[str, Any]:
    """All of it, as it is written."""
    text = files("quotawatt.register").joinpath("headers.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = yaml.safe_load(text)
    return table
