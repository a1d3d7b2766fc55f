"""Official vehicles, and the areas that say where they may be, as records of the register."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Vehicle:
    """An official vehicle. ``energy`` is ``petrol``, ``diesel`` or ``electric``.

    quota_l_per_100km, quota_kwh_per_100km
        What it may use; None: no quota is set.
    home_site
        Where it is parked at night and on holidays; None: unknown.
    driver_pool
        The group of drivers that it belongs to; empty: none.
    tracking_exempt
        Whether its positions must not be followed (state security, cases).
    acquired
        The day on which it came; None: unknown.
    home_area
        Code of the geofence in which it stands at night and on holidays; None: around its home site.
    permitted_area
        Code of the geofence that it may not leave; None: it may go anywhere.
    speed_limit_kmh
        What it may drive at most anywhere; None: no limit of its own.
    service_every_km, service_every_months
        After how much of either it is due for maintenance, whichever comes first; None: not counted.
    value_cny
        What it cost; None: unknown.
    """

    code: str
    name_zh: str
    name_en: str
    organisation: str
    plate: str
    kind: str
    energy: str
    tank_l: float | None = None
    battery_kwh: float | None = None
    quota_l_per_100km: float | None = None
    quota_kwh_per_100km: float | None = None
    home_site: str | None = None
    driver_pool: str = ""
    tracking_exempt: bool = False
    acquired: date | None = None
    home_area: str | None = None
    permitted_area: str | None = None
    speed_limit_kmh: float | None = None
    service_every_km: float | None = None
    service_every_months: int | None = None
    value_cny: float | None = None
    status: str = "in_use"


@dataclass(frozen=True, slots=True)
class Geofence:
    """An area on the ground that rules for vehicles look at.

    use
        ``parking``, ``permitted``, ``station`` (of fuel or charging), ``speed_zone``, ``other``.
    outline
        A geometry of GeoJSON (RFC 7946) as text, in WGS84, without blanks: a Polygon, a MultiPolygon, or a
        Point in the middle of a circle. ``quotawatt.geography.outlines`` reads it.
    radius_m
        Of the circle around a Point; None for the other geometries.
    speed_limit_kmh
        What may be driven inside at most; None: it says nothing of speed.
    """

    code: str
    name_zh: str
    name_en: str
    organisation: str
    use: str
    outline: str
    radius_m: float | None = None
    speed_limit_kmh: float | None = None
    status: str = "in_use"
