"""Where an asset stands: its time zone and the organisation that answers for it."""

from zoneinfo import ZoneInfo

from quotawatt.register.model import (
    Building,
    Charger,
    Equipment,
    Meter,
    Organisation,
    PvPlant,
    Register,
    Site,
    Space,
    Vehicle,
    VirtualMeter,
)


def zone_of(register: Register, code: str, default: ZoneInfo) -> ZoneInfo:
    """The zone of the asset's site; ``default`` for organisations, vehicles and unknown codes."""
    asset = register.assets.get(code)
    if isinstance(asset, Site):
        return ZoneInfo(asset.timezone)
    building = _building_of(register, code)
    site = register.sites.get(building.site) if building else None
    return ZoneInfo(site.timezone) if site else default


def organisation_of(register: Register, code: str) -> Organisation | None:
    """The organisation that the asset is accounted to; None where the register does not say.

    A site belongs to the one organisation of its buildings, and to none where there are several.
    """
    asset = register.assets.get(code)
    if isinstance(asset, Organisation):
        return asset
    if isinstance(asset, Vehicle):
        return register.organisations.get(asset.organisation)
    if isinstance(asset, Site):
        owners = {b.organisation for b in register.buildings.values() if b.site == code}
        return register.organisations.get(owners.pop()) if len(owners) == 1 else None
    building = _building_of(register, code)
    return register.organisations.get(building.organisation) if building else None


def site_of(register: Register, code: str) -> str:
    """Code of the site on which the asset stands; empty where it stands on none, or is not known."""
    asset = register.assets.get(code)
    if isinstance(asset, Site):
        return code
    building = _building_of(register, code)
    return building.site if building else ""


def _building_of(register: Register, code: str) -> Building | None:
    asset = register.assets.get(code)
    if isinstance(asset, Building):
        return asset
    if isinstance(asset, Meter | VirtualMeter | PvPlant | Space | Charger | Equipment):
        return register.buildings.get(asset.building or "")
    return None
