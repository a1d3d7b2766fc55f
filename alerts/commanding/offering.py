"""Which commands a case offers: those of its rule, for what its asset has that can be told and answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from alerts.cases.model import Case
from alerts.commanding.book import families_of
from alerts.commanding.model import Offered
from alerts.commanding.never import never, why_never
from quotawatt.devicecommands import KINDS, Catalogue, DeviceCommand, telegram
from quotawatt.errors import InputError
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Building, Equipment, Register, Space
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

HEARD_WITHIN = timedelta(hours=24)
"""A device whose present state was not heard for longer is not commanded: nobody would see it obey."""

_EVER_SO_LITTLE = timedelta(microseconds=1)


class Heard(NamedTuple):
    """The newest reading of a series."""

    time: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Ground:
    """What deciding about commands stands on.

    rulebook
        As it is in force today.
    catalogue
        What the device profiles know.
    """

    register: Register
    rulebook: Rulebook
    catalogue: Catalogue
    series: SeriesStore


@dataclass(frozen=True, slots=True)
class Reached:
    """A channel of a device that is bound to an asset, and how its family is told."""

    binding: Binding
    family: str
    command: DeviceCommand

    @property
    def key(self) -> SeriesKey:
        """The series that answers."""
        quantity = self.command.kind.quantity
        return SeriesKey(self.binding.device, self.binding.channel, quantity)


def offers_of(conn: Connection, case: Case, ground: Ground, now: datetime) -> list[Offered]:
    """The commands that a case offers at ``now``, by the rule's order, then asset and device.

    None where the case has no rule, its rule offers none, or nothing of its asset can be told. Raises
    StoreError where a store fails.
    """
    rule = ground.rulebook.rules.get(case.rule)
    found: list[Offered] = []
    for offer in () if rule is None else rule.offers:
        reached = reached_from(conn, case.asset, offer.command, ground, now)
        heard = newest(ground.series, [one.key for one in reached], now)
        made = (_offered(one, offer.value, heard[one.key]) for one in reached if one.key in heard)
        found += [one for one in made if one is not None]
    return found


def reached_from(
    conn: Connection, asset: str, name: str, ground: Ground, now: datetime
) -> list[Reached]:
    """What of an asset can be told the command ``name`` at ``now``, by asset and device."""
    bindings = [
        binding
        for code in assets_near(ground.register, asset)
        if not why_never(ground.register, code, never())
        for binding in ground.register.bindings_of(code)
        if binding.holds(KINDS[name].quantity, now)
    ]
    families = families_of(conn, {binding.device for binding in bindings})
    return list(_reached(bindings, families, name, ground.catalogue))


def assets_near(register: Register, code: str) -> tuple[str, ...]:
    """What an asset's case may act on: itself, what serves it, and of a building all in it."""
    asset = register.assets.get(code)
    if isinstance(asset, Building):
        return tuple(sorted(register.in_building(code)))
    if not isinstance(asset, Equipment | Space):
        return (code,)
    there = {code, *(e.code for e in register.equipment.values() if e.space == code)}
    there |= {m.code for m in register.meters.values() if m.serves in there}
    return tuple(sorted(there))


def newest(
    series: SeriesStore, keys: Sequence[SeriesKey], now: datetime
) -> Mapping[SeriesKey, Heard]:
    """The newest sound reading of each series of the last ``HEARD_WITHIN``, up to ``now``."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    values = series.read_values(wanted, Span(now - HEARD_WITHIN, now + _EVER_SO_LITTLE))
    rows = values.to_pylist()  # by series, then time: the last one stays
    return {wanted[row["series"]]: Heard(row["time"], row["value"]) for row in rows}


def _reached(
    bindings: Sequence[Binding],
    families: Mapping[str, set[str]],
    name: str,
    catalogue: Catalogue,
) -> Iterator[Reached]:
    for binding in bindings:
        knowing = [
            f for f in sorted(families.get(binding.device, ())) if name in catalogue.get(f, {})
        ]
        # Of two families that both know how nobody can say which one the device obeys.
        if len(knowing) == 1:
            yield Reached(binding, knowing[0], catalogue[knowing[0]][name])


def _offered(one: Reached, value: float | None, heard: Heard) -> Offered | None:
    """The offer; None where the device cannot be told the value, or is so already."""
    command, device, channel = one.command, one.binding.device, one.binding.channel
    try:
        filled = telegram(command, device, channel, value)
    except InputError:
        return None
    if heard.value == command.expected(value):
        return None
    return Offered(
        asset=one.binding.asset,
        device=device,
        channel=channel,
        family=one.family,
        command=command.kind.name,
        value=value,
        low=command.low if command.kind.takes_value else None,
        high=command.high if command.kind.takes_value else None,
        present=heard.value,
        present_at=heard.time,
        topic=filled.topic,
        payload=filled.payload,
    )
