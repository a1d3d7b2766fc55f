"""Packs → rulebook. All errors of all packs come at once, each with file and line.

A pack is a YAML file with any of the sections ``instruments``, ``factor_sets``, ``grid_factors``,
``quotas``, ``targets`` and ``rules``; ``NAME.tests.yaml`` beside it holds its tests and is no pack.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from quotawatt.errors import RulebookError
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.indicators import INDICATORS
from quotawatt.rulebook.model import Citation, FactorSet, Instrument, Rulebook
from quotawatt.rulebook.parse import parse_pack
from quotawatt.rulebook.schema import Problems, compose

BUILTIN_PACKS = Path(__file__).parent / "packs"
"""The packs that come with the program."""

TESTS_SUFFIX = ".tests.yaml"


def load_rulebook(folders: Sequence[Path] = (), *, builtin: bool = True) -> Rulebook:
    """The rulebook of all packs (``*.yaml``) of the folders, the program's own first.

    Raises RulebookError with every problem as ``file:line: rule, got value``: what cannot be read,
    unknown and missing keys, wrong types and units, double ids, citations of no clause, tiers out of
    order, quotas and targets without their factor set.
    """
    wanted = [BUILTIN_PACKS, *folders] if builtin else list(folders)
    draft, problems = Draft(), list[str]()
    for folder in dict.fromkeys(f.resolve() for f in wanted):
        for path in _pack_files(folder, problems):
            in_file = Problems(path.name if folder == BUILTIN_PACKS.resolve() else str(path))
            root = compose(path, in_file)
            if root is not None:
                parse_pack(root, draft, in_file)
            problems += in_file.found
    problems += _cross_check(draft)
    if problems:
        raise RulebookError(problems)
    return Rulebook(
        instruments={x.value.id: x.value for x in draft.instruments},
        factor_sets={x.value.id: x.value for x in draft.factor_sets},
        grid_factors=tuple(x.value for x in draft.grid_factors),
        quotas={x.value.id: x.value for x in draft.quotas},
        targets={x.value.id: x.value for x in draft.targets},
        rules={x.value.id: x.value for x in draft.rules},
    )


def check_packs(folder: Path) -> list[str]:
    """What is wrong with a folder's packs, read together with the program's own; empty: nothing."""
    try:
        load_rulebook([folder])
    except RulebookError as error:
        return list(error.problems)
    return []


def _pack_files(folder: Path, problems: list[str]) -> list[Path]:
    if not folder.is_dir():
        problems.append(f"{folder}: a folder of packs must exist, got none")
        return []
    return sorted(p for p in folder.glob("*.yaml") if not p.name.endswith(TESTS_SUFFIX))


class _Citing(Protocol):
    @property
    def cites(self) -> Citation: ...


_T = TypeVar("_T")


def _cross_check(draft: Draft) -> list[str]:
    citing: list[tuple[_Citing, str]] = [
        *((x.value, x.place) for x in draft.factor_sets),
        *((x.value, x.place) for x in draft.grid_factors),
        *((x.value, x.place) for x in draft.quotas),
        *((x.value, x.place) for x in draft.targets),
        *((x.value, x.place) for x in draft.rules),
    ]
    problems = [
        *_double(draft.instruments, lambda x: x.id),
        *_double(draft.factor_sets, lambda x: x.id),
        *_double(draft.grid_factors, lambda x: f"{x.region} {x.year}"),
        *_double(draft.quotas, lambda x: x.id),
        *_double(draft.targets, lambda x: x.id),
        *_double(draft.rules, lambda x: x.id),
        *_dangling(citing, {x.value.id: x.value for x in draft.instruments}),
        *_without_factors(draft, {x.value.id: x.value for x in draft.factor_sets}),
    ]
    return list(dict.fromkeys(problems))


def _double(entries: Iterable[Located[_T]], key: Callable[[_T], str]) -> list[str]:
    first: dict[str, str] = {}
    problems = []
    for entry in entries:
        name = key(entry.value)
        if name in first:
            problems.append(
                f"{entry.place}: an id must be given once, got {name} again (first: {first[name]})"
            )
        first.setdefault(name, entry.place)
    return problems


def _dangling(
    citing: Iterable[tuple[_Citing, str]], instruments: dict[str, Instrument]
) -> list[str]:
    problems = []
    for value, place in citing:
        cites = value.cites
        if not cites.instrument:  # no citation could be read, which has been noted
            continue
        instrument = instruments.get(cites.instrument)
        if instrument is None or cites.clause not in instrument.clauses:
            problems.append(
                f"{place}: a citation must name a clause of the rulebook, "
                f"got {cites.instrument} {cites.clause}"
            )
    return problems


def _without_factors(draft: Draft, factor_sets: dict[str, FactorSet]) -> list[str]:
    """Quotas in coal equivalent and targets of carbon whose factor set cannot serve them."""
    problems = []
    for quota in draft.quotas:
        name = quota.value.factor_set
        known = factor_sets.get(name)
        needed = INDICATORS[quota.value.indicator].converts
        if (name and known is None) or (needed and known and not known.coal_equivalent):
            problems.append(
                f"{quota.place}: a quota must name a factor set with coal_equivalent, got {name}"
            )
    for target in draft.targets:
        known = factor_sets.get(target.value.factor_set)
        if known is None or not known.carbon:
            problems.append(
                f"{target.place}: a target must name a factor set with carbon, "
                f"got {target.value.factor_set}"
            )
    return problems
