"""What packs hold before it is checked against each other: values with the place they stand at."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from quotawatt.rulebook.model import FactorSet, GridFactor, Instrument, Quota, Rule, Target
from quotawatt.rulebook.norms import AssetKind, IdleRule, Norm, ScoreScheme

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """A value and the ``file:line`` it was written at."""

    value: T
    place: str


@dataclass
class Draft:
    """What the packs hold, before it is checked against each other."""

    instruments: list[Located[Instrument]] = field(default_factory=list)
    factor_sets: list[Located[FactorSet]] = field(default_factory=list)
    grid_factors: list[Located[GridFactor]] = field(default_factory=list)
    quotas: list[Located[Quota]] = field(default_factory=list)
    targets: list[Located[Target]] = field(default_factory=list)
    rules: list[Located[Rule]] = field(default_factory=list)
    norms: list[Located[Norm]] = field(default_factory=list)
    asset_kinds: list[Located[AssetKind]] = field(default_factory=list)
    idle_rules: list[Located[IdleRule]] = field(default_factory=list)
    scores: list[Located[ScoreScheme]] = field(default_factory=list)
