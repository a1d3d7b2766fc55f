"""What the checks look at: the register of today beside what was heard of the devices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from analytics.reconciliation.entered import ByHand
from analytics.reconciliation.limits import Limits
from analytics.reconciliation.uses import Uses
from quotawatt.readings import SeriesKey
from quotawatt.register.model import (
    Asset,
    Binding,
    Charger,
    Equipment,
    FormerValue,
    Meter,
    PvPlant,
    Register,
    Space,
    VirtualMeter,
)
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import local_date, local_midnight

IN_USE = "in_use"
GONE = frozenset({"disposed", "transferred"})
"""Where an asset stands in its life (``status``)."""

BY_HAND = "asset:"
"""What the device of readings by hand begins with."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one series did over a time: when it was heard first and last, how often, between which values."""

    key: SeriesKey
    first: datetime
    last: datetime
    count: int
    minimum: float
    maximum: float

    @property
    def steady(self) -> bool:
        """Whether it never changed."""
        return self.minimum == self.maximum


@dataclass(frozen=True, slots=True)
class SeenDevice:
    """A device that sends what no binding names. ``offers`` are pairs of channel and quantity."""

    device: str
    first_seen: datetime
    last_seen: datetime
    messages: int
    topic: str
    offers: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class World:
    """Register and telemetry at one instant.

    book
        The register with its former values.
    register
        The same as of ``today``, the day of ``now`` in ``zone``.
    recent, history
        What was heard over ``limits.recent`` and ``limits.history``, by device and channel.
    last
        When each series was last heard, however long ago.
    lately, month, year
        What was used over ``limits.recent``, ``limits.month_days`` and ``limits.year_days``, each up to the
        beginning of today.
    days
        What virtual meters and their parts used on each of the last ``limits.negative_days``.
    by_hand
        What was entered by hand.
    """

    book: Register
    rulebook: Rulebook
    now: datetime
    zone: ZoneInfo
    limits: Limits
    recent: Mapping[tuple[str, str], Sequence[Heard]]
    history: Mapping[tuple[str, str], Sequence[Heard]]
    last: Mapping[tuple[str, str], Mapping[str, datetime]]
    seen: Sequence[SeenDevice] = field(default=())
    lately: Uses = field(default_factory=Uses)
    month: Uses = field(default_factory=Uses)
    year: Uses = field(default_factory=Uses)
    days: Sequence[Uses] = ()
    by_hand: ByHand = field(default_factory=ByHand)

    @cached_property
    def today(self) -> date:
        """The day of ``now``."""
        return local_date(self.now, self.zone)

    @cached_property
    def register(self) -> Register:
        """The register as of today."""
        return self.book.as_of(self.today)

    @cached_property
    def feeding(self) -> Mapping[str, Sequence[Binding]]:
        """The bindings that hold now, by asset."""
        found: dict[str, list[Binding]] = {}
        for binding in self.register.bindings:
            if self.holds(binding):
                found.setdefault(binding.asset, []).append(binding)
        return found

    def holds(self, binding: Binding) -> bool:
        """Whether a binding holds now."""
        until = binding.valid_until
        return binding.valid_from <= self.now and (until is None or self.now < until)

    def status(self, code: str) -> str:
        """Where an asset stands in its life; where it is in use itself, that is where its building stands."""
        asset = self.register.assets[code]
        if asset.status == IN_USE and isinstance(
            asset, Space | Equipment | Meter | VirtualMeter | PvPlant | Charger
        ):
            building = self.register.buildings.get(asset.building or "")
            return IN_USE if building is None else building.status
        return asset.status

    def in_use(self) -> Iterator[tuple[str, Asset]]:
        """The assets that are in use, by code."""
        for code, asset in self.register.assets.items():
            if self.status(code) == IN_USE:
                yield code, asset

    @cached_property
    def meters_in_use(self) -> Mapping[str, Sequence[Meter]]:
        """The meters that are in use, by building."""
        found: dict[str, list[Meter]] = {}
        for _, asset in self.in_use():
            if isinstance(asset, Meter):
                found.setdefault(asset.building, []).append(asset)
        return found

    def status_since(self, code: str) -> datetime | None:
        """When the asset got the status that it has now; None: the register does not say."""
        days = [former.valid_until for former in self._statuses.get(code, ())]
        past = [day for day in days if day <= self.today]
        zone = self.register.zone_of_asset(code) or self.zone
        return local_midnight(max(past), zone) if past else None

    def heard(
        self, binding: Binding, over: Mapping[tuple[str, str], Sequence[Heard]]
    ) -> list[Heard]:
        """What was heard, of what is chosen, on a binding's channel and quantities."""
        on_channel = over.get((binding.device, binding.channel), ())
        return [h for h in on_channel if self._is_fed(binding, h.key.quantity)]

    def last_heard(self, binding: Binding) -> datetime | None:
        """When the binding's channel and quantities were heard last; None: never."""
        on_channel = self.last.get((binding.device, binding.channel), {})
        times = [time for name, time in on_channel.items() if self._is_fed(binding, name)]
        return max(times, default=None)

    @cached_property
    def device_last(self) -> Mapping[str, datetime]:
        """When each device was last heard on any channel."""
        found: dict[str, datetime] = {}
        for (device, _), times in self.last.items():
            newest = max(times.values())
            found[device] = max(newest, found.get(device, newest))
        return found

    def _is_fed(self, binding: Binding, quantity: str) -> bool:
        """Whether it is this binding, and not one of the one quantity, that the quantity goes by."""
        if binding.quantity:
            return binding.quantity == quantity
        rivals = self.register.bindings_on(binding.device, binding.channel)
        return not any(r.quantity == quantity and self.holds(r) for r in rivals)

    @cached_property
    def _statuses(self) -> Mapping[str, Sequence[FormerValue]]:
        found: dict[str, list[FormerValue]] = {}
        for former in self.book.former_values:
            if former.attribute == "status":
                found.setdefault(former.asset, []).append(former)
        return found


def iso(instant: datetime) -> str:
    """An instant as evidence has it."""
    return instant.isoformat(timespec="seconds")
