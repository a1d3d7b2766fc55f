"""The kinds of records that a register holds, as frozen rows.

Every asset has a code, unique over all kinds and never reused. Its row says what holds after the last
change that was decided; a *former value* says what a column held until then. A *point* is (asset code,
quantity); a *binding* says which device and channel feeds which points, from when until when.

``status`` is where an asset stands in its life: ``planned``, ``in_use``, ``idle``, ``transferred``,
``disposed``. What measures, generates and feeds is in ``metering``, who answers for it in ``duty``, vehicles
and where they may be in ``fleet``.
"""

from dataclasses import dataclass
from datetime import date

from quotawatt.register.duty import Duty
from quotawatt.register.fleet import Geofence, Vehicle
from quotawatt.register.metering import Binding, Charger, Meter, PvPlant, VirtualMeter

__all__ = [
    "Asset",
    "BaseValue",
    "Binding",
    "Building",
    "Charger",
    "Duty",
    "Equipment",
    "FormerValue",
    "Geofence",
    "Headcount",
    "Meter",
    "Organisation",
    "PvPlant",
    "Site",
    "Space",
    "Vehicle",
    "VirtualMeter",
]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A public institution. It has two parents: by region (属地) and by sector system (主管部门).

    kind
        ``party_government``, ``hospital``, ``school``, ... as the quotas select them.
    level
        ``province``, ``city``, ``county``.
    owner_zh, owner_en
        The post that answers for its energy, as alerts address it.
    vehicle_quota
        Official vehicles that it may hold (编制); None: not known.
    classified
        Whether it is secret-related (涉密): it and its buildings are left out of all that the public sees.
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
    vehicle_quota: int | None = None
    classified: bool = False
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class Headcount:
    """People of one component over dates; each instrument names the components of its own head-count.

    component
        ``in_post`` (在编), ``non_establishment`` (编外), ``service`` (后勤), ``students``, ``beds``,
        ``visitors``.

    ``valid_until`` is the first day on which it no longer holds; None: still.
    """

    organisation: str
    component: str
    people: float
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place with one time zone and one weather. Its own points hold the weather.

    city
        Whose heating season it follows, as the packs name it; empty: that of its province.
    climate_zone
        ``severe_cold_or_cold``, ``hot_summer_cold_winter``, ``hot_summer_warm_winter``, ``mild``; empty:
        unknown.
    country
        Whose working days and holidays it has (ISO 3166, see ``quotawatt.calendars``): ``GB-ENG``; empty: CN.
    """

    code: str
    name_zh: str
    name_en: str
    timezone: str
    province: str
    quota_zone: str
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    city: str = ""
    climate_zone: str = ""
    country: str = ""
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class Building:
    """A building of a site, accounted to one organisation. Areas in m²; None: unknown.

    data_centre_area_m2, kitchen_area_m2, excluded_area_m2
        Parts of the gross area that instruments leave out where they are metered by themselves.
    comfort_class
        ``A`` where opened windows give comfort, ``B`` where only machines do (GB/T 51161); empty: unknown.
    hours_of_use
        How many hours a year people work in it; None: unknown.
    heating
        How it is heated: ``municipal``, ``air_conditioning``, ``gas_oil``, ``none``; empty: unknown.
    """

    code: str
    name_zh: str
    name_en: str
    site: str
    organisation: str
    gross_area_m2: float | None = None
    heated_area_m2: float | None = None
    year_built: int | None = None
    data_centre_area_m2: float | None = None
    kitchen_area_m2: float | None = None
    excluded_area_m2: float | None = None
    comfort_class: str = ""
    hours_of_use: float | None = None
    heating: str = ""
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class Space:
    """A room of a building, or another part of it.

    use
        ``office``, ``meeting``, ``service``, ``equipment``, ``data_centre``, ``kitchen``, ``storage``,
        ``parking``, ``other``.
    organisation
        Who occupies it; None: whom the building is accounted to.
    post
        Of those who work in it, as the norms of office area name it (``division_head``); empty: unknown.
    occupants
        How many work in it; None: unknown.
    """

    code: str
    name_zh: str
    name_en: str
    building: str
    use: str
    area_m2: float | None = None
    floor: str = ""
    organisation: str | None = None
    post: str = ""
    occupants: int | None = None
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class Equipment:
    """A device that an organisation holds as an asset: a chiller, a pump, a printer.

    kind
        As the norms name it (``printer_a4``, ``desktop_computer``) or free (``chiller``).
    building, space
        Where it stands; None: unknown.
    serves
        Code of the building or space that it works for; None: where it stands.
    value_cny
        What it cost; None: unknown.
    acquired
        The day on which it came; None: unknown.
    """

    code: str
    name_zh: str
    name_en: str
    kind: str
    organisation: str
    building: str | None = None
    space: str | None = None
    serves: str | None = None
    rated_power_kw: float | None = None
    value_cny: float | None = None
    acquired: date | None = None
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class BaseValue:
    """A figure of a base year that a target is measured from, with where it comes from."""

    asset: str
    measure: str
    year: int
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class FormerValue:
    """What a column of an asset held until it was changed.

    attribute
        The column of the asset's kind; any but ``code``.
    value
        As text, the way it stands in a file; empty: it held none.
    valid_until
        The first day, at the asset's place, on which it no longer held. It held from the day on which the
        former value before it ended, or always. After the last of them the asset's row holds.
    """

    asset: str
    attribute: str
    value: str
    valid_until: date


Asset = (
    Organisation
    | Site
    | Building
    | Space
    | Equipment
    | Meter
    | VirtualMeter
    | PvPlant
    | Charger
    | Vehicle
    | Geofence
)
