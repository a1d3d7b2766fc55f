"""How vehicles that must not be followed appear: as a row without plate, time or place."""

from typing import Any

from quotawatt.register.model import Vehicle

MASK = "*****"
"""Stands in the place of a plate."""


def masked_item(vehicle: Vehicle) -> dict[str, Any]:
    """The row of an exempt vehicle: that it is there and whose it is, nothing of where or when it drove."""
    return {
        "vehicle": vehicle.code,
        "plate": MASK,
        "organisation": vehicle.organisation,
        "tracked": False,
    }


def shown_plate(vehicle: Vehicle | None) -> str:
    """The plate; masked of an exempt vehicle, empty where there is no such vehicle."""
    if vehicle is None:
        return ""
    return MASK if vehicle.tracking_exempt else vehicle.plate
