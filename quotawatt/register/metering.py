"""Kinds of records about what measures, generates and charges, and which device feeds it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter in a building.

    carrier
        ``electricity``, ``water``, ``heat``, ``gas``.
    item
        National sub-metering item: A lighting and sockets, B air conditioning, C power, D special, or one
        within (``A1``, ``B2``, ``D1``); empty for a meter of the whole.
    parent
        The meter it stands behind; None: a root, and roots add up to the building.
    rated_power_kw
        What can flow through it at most (after the multiplier); tells a rollover from a reset.
    serves
        Code of the one space, piece of equipment or charger whose use it measures; None: several or unknown.
    """

    code: str
    name_zh: str
    name_en: str
    building: str
    carrier: str
    item: str = ""
    parent: str | None = None
    rated_power_kw: float | None = None
    serves: str | None = None
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class VirtualMeter:
    """A meter that does not exist: its use is computed from that of others by a formula.

    quantity
        What it has: a counter of ``quotawatt.quantities``, and of all that the formula names.
    formula
        Sums, differences, factors and shares of meters, plants and buildings; see ``formulas``.
    serves
        Code of the one space whose use it is, or of the organisation whose part of a shared building it is:
        quotas then count it there and not with whom the building is accounted to. None: nobody's alone.

    It enters no total of a building or an organisation: what it is made of is in them already.
    """

    code: str
    name_zh: str
    name_en: str
    building: str
    quantity: str
    formula: str
    serves: str | None = None
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class PvPlant:
    """A photovoltaic plant on a building."""

    code: str
    name_zh: str
    name_en: str
    building: str
    peak_power_kw: float
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class Charger:
    """A charger of vehicles at a building."""

    code: str
    name_zh: str
    name_en: str
    building: str
    rated_power_kw: float | None = None
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class Binding:
    """Which device and channel feeds which asset, over ``[valid_from, valid_until)``.

    quantity
        The device's quantity; empty: all quantities of the channel.
    point_quantity
        What it is at the asset where that differs (a meter's import is a plant's generation).
    multiplier
        CT × PT (倍率): the asset's value is the reading times this.
    register_size
        The first value the device's counter cannot show (100000 for five digits), before the
        multiplier; None: unknown, so a fall is never taken for a rollover.
    datum
        Of the positions that the device sends: ``wgs84`` or ``gcj02`` (converted as they come in).
    """

    device: str
    asset: str
    valid_from: datetime
    channel: str = ""
    quantity: str = ""
    point_quantity: str = ""
    valid_until: datetime | None = None
    multiplier: float = 1.0
    register_size: float | None = None
    datum: str = "wgs84"

    def holds(self, quantity: str, instant: datetime) -> bool:
        """Whether it binds this quantity at this instant."""
        return (
            (not self.quantity or self.quantity == quantity)
            and self.valid_from <= instant
            and (self.valid_until is None or instant < self.valid_until)
        )
