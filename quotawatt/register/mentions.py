"""Which assets mention another one, and which bear a plate: what a change of one may touch besides itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property

from quotawatt.register import rules
from quotawatt.register.check_plates import plain_plate
from quotawatt.register.formulas import codes_in
from quotawatt.register.kinds import (
    Asset,
    BaseValue,
    Duty,
    FormerValue,
    Headcount,
    Vehicle,
    VirtualMeter,
)
from quotawatt.register.records import Records
from quotawatt.register.rows import CODED, KINDS, Record, kind_of

REFERRING: Mapping[str, tuple[str, ...]] = {
    kind: tuple(column for referring, column in rules.REFERENCES if referring == kind)
    for kind in KINDS
}
"""The columns of a kind in which the code of another asset stands."""

Codes = Mapping[str, Set[str]]
"""Codes of assets by what they have in common."""

_DATED = frozenset(column for kind in CODED for column in REFERRING[kind])


class Mentions(Records):
    """A register's look-ups by what its records mention."""

    def mentioning(self, code: str) -> Set[str]:
        """Codes of the assets whose rows mention this one, or did; a few that no longer do may be there."""
        return self._mentioning.get(code, frozenset())

    def bearing(self, plate: str) -> Set[str]:
        """Codes of the vehicles with this plate (``plain_plate``); as ``mentioning``."""
        return self._bearing.get(plate, frozenset())

    def headcounts_of(self, organisation: str) -> Sequence[Headcount]:
        """The head-counts of one organisation itself, of all times."""
        return self._headcounts_by_organisation.get(organisation, ())

    def base_values_of(self, asset: str) -> Sequence[BaseValue]:
        """The base values of one asset."""
        return self._base_values_by_asset.get(asset, ())

    def duties_of(self, asset: str) -> Sequence[Duty]:
        """Who holds a duty over the asset itself, of all times, by duty and rank."""
        return self._duties_by_asset.get(asset, ())

    @cached_property
    def duties_by_account(self) -> Mapping[str, Sequence[Duty]]:
        """The duties, of all times, that an account holds."""
        found: dict[str, list[Duty]] = {}
        for duty in self.duties:
            if duty.account:
                found.setdefault(duty.account, []).append(duty)
        return found

    @cached_property
    def _duties_by_asset(self) -> Mapping[str, Sequence[Duty]]:
        found: dict[str, list[Duty]] = {}
        for duty in sorted(self.duties, key=lambda d: (d.asset, d.duty, d.rank)):
            found.setdefault(duty.asset, []).append(duty)
        return found

    @cached_property
    def _mentioning(self) -> Codes:
        return with_pairs({}, mentions_in((*self.assets.values(), *self.former_values)))

    @cached_property
    def _bearing(self) -> Codes:
        return with_pairs({}, plates_in((*self.vehicles.values(), *self.former_values)))

    @cached_property
    def _headcounts_by_organisation(self) -> Mapping[str, Sequence[Headcount]]:
        found: dict[str, list[Headcount]] = {}
        for headcount in self.headcounts:
            found.setdefault(headcount.organisation, []).append(headcount)
        return found

    @cached_property
    def _base_values_by_asset(self) -> Mapping[str, Sequence[BaseValue]]:
        found: dict[str, list[BaseValue]] = {}
        for base_value in self.base_values:
            found.setdefault(base_value.asset, []).append(base_value)
        return found


def mentions_in(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Each code that an asset or a former value of it mentions, with the asset's; of other records none."""
    for record in records:
        if isinstance(record, FormerValue):
            if record.attribute in _DATED and record.value:
                yield record.value, record.asset
            elif record.attribute == "formula":
                yield from ((code, record.asset) for code in codes_in(record.value))
        elif isinstance(record, Asset):
            for column in REFERRING[kind_of(record)]:
                if code := getattr(record, column):
                    yield code, record.code
            if isinstance(record, VirtualMeter):
                yield from ((code, record.code) for code in codes_in(record.formula))


def plates_in(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Each plate, plain, that a vehicle or a former value of it bears, with the vehicle's code."""
    for record in records:
        if isinstance(record, Vehicle):
            yield plain_plate(record.plate), record.code
        elif isinstance(record, FormerValue) and record.attribute == "plate":
            yield plain_plate(record.value), record.asset


def with_pairs(known: Codes, pairs: Iterable[tuple[str, str]]) -> Codes:
    """What is known with more pairs of what assets have in common and a code."""
    fresh: dict[str, set[str]] = {}
    for common, code in pairs:
        fresh.setdefault(common, set()).add(code)
    return {**known, **{c: known.get(c, frozenset()) | codes for c, codes in fresh.items()}}
