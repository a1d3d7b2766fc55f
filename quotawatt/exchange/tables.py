"""Code tables and the catalogue of data sets, from the files beside this module."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code with its words. ``measures``: what it stands for here, where it is an energy."""

    code: str
    zh: str
    en: str
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A table of codes. ``trust`` as in the rulebook."""

    trust: str
    source: str
    codes: tuple[CodeEntry, ...]


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set that can be exchanged.

    classification
        ``public``, ``internal`` or ``sensitive``.
    schema
        Name of the schema of one item.
    pull
        Where it is fetched; ``push`` and ``inbound``: whether it is sent to, and taken from, others.
    """

    id: str
    title: Mapping[str, str]
    owner: Mapping[str, str]
    classification: str
    schema: str
    cycle: Mapping[str, str]
    pull: str
    push: bool
    inbound: bool


@cache
def code_tables() -> Mapping[str, CodeTable]:
    """All code tables by name."""
    raw: Mapping[str, Any] = _read("codes.yaml")
    found = {}
    for name, table in raw.items():
        entries = tuple(
            CodeEntry(e["code"], e["zh"], e["en"], tuple(e.get("measures", ())))
            for e in table["codes"]
        )
        found[name] = CodeTable(table["trust"], table["source"], entries)
    return MappingProxyType(found)


@cache
def catalogue() -> Sequence[DataSet]:
    """All data sets, in order."""
    return tuple(DataSet(**one) for one in _read("catalogue.yaml"))


@cache
def energy_codes() -> Mapping[str, str]:
    """The code of the energy by measure."""
    entries = code_tables()["energy"].codes
    return MappingProxyType({measure: e.code for e in entries for measure in e.measures})


def _read(name: str) -> Any:
    text = files("quotawatt.exchange").joinpath(name).read_text(encoding="utf-8")
    return yaml.safe_load(text)
