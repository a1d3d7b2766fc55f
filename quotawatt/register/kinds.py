"""The kinds of records that a register holds, as frozen rows.

Every asset has a code, unique over all kinds and never reused. A *point* is (asset code, quantity);
a *binding* says which device and channel feeds which points, from when until when.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Organisation:
    """A public institution. It has two parents: by region (属地) and by sector system (主管部门).

    kind
        ``party_government``, ``hospital``, ``school``, ... as the quotas select them.
    level
        ``province``, ``city``, ``county``.
    owner_zh, owner_en
        The post that answers for its energy, as alerts address it.
    """

    code: str
    name_zh: str
    name_en: str
    kind: str
    level: str
    region_parent: str | None = None
    system_parent: str | None = None
    owner_zh: str = ""
    owner_en: str = ""


@dataclass(frozen=True, slots=True)
class Headcount:
    """People of one component (在编 in_post, 编外 non_establishment, 后勤 service, ...) over dates.

    ``valid_until`` is the first day on which it no longer holds; None: still.
    """

    organisation: str
    component: str
    people: float
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place with one time zone and one weather. Its own points hold the weather."""

    code: str
    name_zh: str
    name_en: str
    timezone: str
    province: str
    quota_zone: str
    latitude_deg: float | None = None
    longitude_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Building:
    """A building of a site, accounted to one organisation. Areas in m²; None: unknown."""

    code: str
    name_zh: str
    name_en: str
    site: str
    organisation: str
    gross_area_m2: float | None = None
    heated_area_m2: float | None = None
    year_built: int | None = None


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter in a building.

    carrier
        ``electricity``, ``water``, ``heat``, ``gas``.
    item
        National sub-metering item (A lighting and sockets, B air conditioning, C power, D special);
        empty for a meter of the whole.
    parent
        The meter it stands behind; None: a root, and roots add up to the building.
    rated_power_kw
        What can flow through it at most (after the multiplier); tells a rollover from a reset.
    """

    code: str
    name_zh: str
    name_en: str
    building: str
    carrier: str
    item: str = ""
    parent: str | None = None
    rated_power_kw: float | None = None


@dataclass(frozen=True, slots=True)
class PvPlant:
    """A photovoltaic plant on a building."""

    code: str
    name_zh: str
    name_en: str
    building: str
    peak_power_kw: float


@dataclass(frozen=True, slots=True)
class Vehicle:
    """An official vehicle. ``energy`` is ``petrol``, ``diesel`` or ``electric``."""

    code: str
    name_zh: str
    name_en: str
    organisation: str
    plate: str
    kind: str
    energy: str
    tank_l: float | None = None
    battery_kwh: float | None = None


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


@dataclass(frozen=True, slots=True)
class BaseValue:
    """A figure of a base year that a target is measured from, with where it comes from."""

    asset: str
    measure: str
    year: int
    value: float
    source: str


Asset = Organisation | Site | Building | Meter | PvPlant | Vehicle
