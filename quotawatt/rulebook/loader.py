"""Packs → rulebook. All errors of all packs come at once, each with file and line.

A pack is a YAML file with any of the sections ``instruments``, ``factor_sets``, ``grid_factors``,
``quotas``, ``targets``, ``rules``, ``norms``, ``asset_kinds``, ``idle_rules`` and ``scores``;
``NAME.tests.yaml`` beside it holds its tests and is no pack.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import yaml

from quotawatt.errors import RulebookError
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.indicators import INDICATORS
from quotawatt.rulebook.model import Citation, FactorSet, Instrument, Rulebook
from quotawatt.rulebook.parse import parse_pack
from quotawatt.rulebook.schema import Problems, compose, compose_raw

BUILTIN_PACKS = Path(__file__).parent / "packs"
"""The packs that come with the program."""

TESTS_SUFFIX = ".tests.yaml"


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
            in_file = Problems(path.name if folder == BUILTIN_PACKS.resolve() else str(path))
            _take(compose(path, in_file), draft, in_file)
            problems += in_file.found
    for pack in texts:
        in_file = Problems(pack.name)
        _take(compose_raw(pack.raw, in_file), draft, in_file)
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
        norms={x.value.id: x.value for x in draft.norms},
        asset_kinds={x.value.id: x.value for x in draft.asset_kinds},
        idle_rules={x.value.id: x.value for x in draft.idle_rules},
        scores={x.value.id: x.value for x in draft.scores},
    )


def _take(root: yaml.Node | None, draft: Draft, in_file: Problems) -> None:
    if root is not None:
        parse_pack(root, draft, in_file)


def check_packs(folder: Path) -> list[str]:
    """What is wrong with a folder's packs, read together with the program's own; empty: nothing."""
    try:
        load_rulebook([folder])
    except RulebookError as error:
        return list(error.problems)
    return []


def pack_files(folder: Path, problems: list[str]) -> list[Path]:
    """The packs of a folder, by name; that it is missing is noted in ``problems``."""
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
        *((x.value, x.place) for x in draft.norms),
        *((x.value, x.place) for x in draft.idle_rules),
    ]
    problems = [
        *_double(draft.instruments, lambda x: x.id),
        *_double(draft.factor_sets, lambda x: x.id),
        *_double(draft.grid_factors, lambda x: f"{x.region} {x.year}"),
        *_double(draft.quotas, lambda x: x.id),
        *_double(draft.targets, lambda x: x.id),
        *_double(draft.rules, lambda x: x.id),
        *_double(draft.norms, lambda x: x.id),
        *_double(draft.asset_kinds, lambda x: x.id),
        *_double(draft.idle_rules, lambda x: x.id),
        *_double(draft.scores, lambda x: x.id),
        *_dangling(citing, {x.value.id: x.value for x in draft.instruments}),
        *_without_factors(draft, {x.value.id: x.value for x in draft.factor_sets}),
        *_unknown_kinds(draft),
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


def _unknown_kinds(draft: Draft) -> list[str]:
    """Kinds of equipment that a norm or idle rule names and that nobody has words for."""
    known = {x.value.id for x in draft.asset_kinds}
    named = [
        *((x.place, kind) for x in draft.norms for kind in x.value.equipment),
        *((x.place, kind) for x in draft.idle_rules for kind in x.value.kinds),
    ]
    return [
        f"{place}: a kind must be one of the section asset_kinds, got {kind}"
        for place, kind in named
        if kind not in known
    ]


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
