"""Packs → rulebook. All errors of all packs come at once, each with file and line.

A pack is a YAML file with any of the sections of ``quotawatt.rulebook.sections``; ``NAME.tests.yaml`` beside
it holds its tests and is no pack.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from quotawatt.errors import RulebookError
from quotawatt.rulebook.composing import compose, compose_raw
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.factors import with_fallbacks
from quotawatt.rulebook.heating_parse import with_dates
from quotawatt.rulebook.instruments_parse import TEMPLATE
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.periods import by_key, overlapping, settle_periods
from quotawatt.rulebook.schema import Problems
from quotawatt.rulebook.sections import GRID_FACTORS, INSTRUMENTS, SECTIONS, Section, parse_pack
from quotawatt.rulebook.versions import Version

BUILTIN_PACKS = Path(__file__).parent / "packs"
"""The packs that come with the program."""

TESTS_SUFFIX = ".tests.yaml"

_HOLDING = ("quotas", "rules", "set_points", "vehicle_rules", "norms", "idle_rules")
"""Sections that hold somebody to something; targets and schemes of templates judge nobody."""


@dataclass(frozen=True, slots=True)
class PackText:
    """A pack that lies in no folder: what it is called (``NAME.yaml``), and its bytes."""

    name: str
    raw: bytes


def load_rulebook(
    folders: Sequence[Path] = (), *, builtin: bool = True, texts: Sequence[PackText] = ()
) -> Rulebook:
    """The rulebook of all packs (``*.yaml``) of the folders, the program's own first, and of ``texts``.

    Raises RulebookError with every problem as ``file:line: rule, got value``: what cannot be read,
    unknown and missing keys, wrong types and units, double ids, citations of no clause, tiers out of
    order, quotas and targets without their factor set.
    """
    wanted = [BUILTIN_PACKS, *folders] if builtin else list(folders)
    draft, problems = Draft(), list[str]()
    for folder in dict.fromkeys(f.resolve() for f in wanted):
        for path in pack_files(folder, problems):
            own = folder == BUILTIN_PACKS.resolve()
            in_file = Problems(path.name if own else str(path))
            _take(compose(path, in_file, own=own), draft, in_file)
            problems += in_file.found
    for pack in texts:
        in_file = Problems(pack.name)
        _take(compose_raw(pack.raw, in_file), draft, in_file)
        problems += in_file.found
    problems += settle_periods(draft)
    problems += _cross_check(draft)
    if problems:
        raise RulebookError(problems)
    return _book(draft)


def _take(root: yaml.Node | None, draft: Draft, in_file: Problems) -> None:
    if root is not None:
        parse_pack(root, draft, in_file)


def pack_files(folder: Path, problems: list[str]) -> list[Path]:
    """The packs of a folder, by name; that it is missing is noted in ``problems``."""
    if not folder.is_dir():
        problems.append(f"{folder}: a folder of packs must exist, got none")
        return []
    return sorted(p for p in folder.glob("*.yaml") if not p.name.endswith(TESTS_SUFFIX))


def _cross_check(draft: Draft) -> list[str]:
    checks = dict.fromkeys(section.check for section in SECTIONS)
    problems = [*overlapping(draft), *_dangling(draft), *_of_templates(draft)]
    for check in checks:
        problems += check(draft)
    return list(dict.fromkeys(problems))


def _dangling(draft: Draft) -> Iterator[str]:
    """Citations of no clause, or of one that the instrument does not have all the time."""
    instruments: dict[str, list[Located[Any]]] = {}
    for entry in draft.of(INSTRUMENTS):
        instruments.setdefault(entry.value.id, []).append(entry)
    for section in SECTIONS:
        for entry in draft.of(section.name):
            cites = getattr(entry.value, "cites", None)
            if cites is None or not (cites.instrument and cites.clause):  # noted where it was read
                continue
            versions = instruments.get(cites.instrument, [])
            held = [x for x in versions if x.overlaps(entry)] or versions
            if not held or any(cites.clause not in x.value.clauses for x in held):
                yield (
                    f"{entry.place}: a citation must name a clause of the rulebook, "
                    f"got {cites.instrument} {cites.clause}"
                )


def _of_templates(draft: Draft) -> Iterator[str]:
    """What would hold somebody to a standard that nobody has filled in."""
    templates = {x.value.id for x in draft.of(INSTRUMENTS) if x.value.status == TEMPLATE}
    for name in _HOLDING:
        for entry in draft.of(name):
            if entry.value.cites.instrument in templates:
                yield (
                    f"{entry.place}: an entry of {name} must not cite a template (set its status to "
                    f"in_force once it is filled in), got {entry.value.cites.instrument}"
                )


def _book(draft: Draft) -> Rulebook:
    dated = with_dates(draft.of("heating_seasons"), draft.of("heating_dates"))
    draft.entries["heating_seasons"] = dated
    draft.entries["factor_sets"] = with_fallbacks(draft.of("factor_sets"))
    versions = {section.name: _versions(section, draft) for section in SECTIONS}
    newest = {
        name: {key: listed[-1].value for key, listed in by_id.items()}
        for name, by_id in versions.items()
        if name != GRID_FACTORS
    }
    del versions[GRID_FACTORS]
    grid = tuple(x.value for x in draft.of(GRID_FACTORS))
    return Rulebook(**newest, grid_factors=grid, versions=versions)


def _versions(section: Section, draft: Draft) -> dict[str, Sequence[Version]]:
    return {
        key: [
            Version(x.value, x.effective_from, x.effective_until, x.place)
            for x in sorted(entries, key=lambda x: x.effective_from or date.min)
        ]
        for key, entries in by_key(section, draft).items()
    }
