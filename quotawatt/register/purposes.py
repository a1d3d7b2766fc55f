"""What an asset is there to count."""

from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.register.kinds import Meter, PvPlant
from quotawatt.register.model import Asset


def main_quantity(asset: Asset | None) -> str:
    """The quantity that an asset is there to count; empty where none is certain."""
    if isinstance(asset, Meter):
        return MAIN_QUANTITIES.get(asset.carrier, "")
    return "pv_generation_kwh" if isinstance(asset, PvPlant) else ""
