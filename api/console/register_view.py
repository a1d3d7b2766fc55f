"""What the pages of the register share: for whom they put values into words, and common sentences."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request

from api.access import Permit, permit_of
from api.console.drawing import words_of
from api.console.register_words import Reader
from api.console.texts import Words
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.formatting import minute_text
from quotawatt.register.model import Register


def reader_of(request: Request, services: Services, register: Register, code: str = "") -> Reader:
    """The reader of a request; instants are those of the asset's place, else of the settings."""
    zone = register.zone_of_asset(code) if code else None
    return Reader(
        words_of(request, services), register, zone or ZoneInfo(services.settings.timezone)
    )


def write_permit(request: Request, permit: Permit) -> Permit | None:
    """The reader's permit to change the register; None where they have none."""
    if not permit.principal.may(Permission.REGISTER_WRITE):
        return None
    return permit_of(request, permit.principal, Permission.REGISTER_WRITE)


def recompute_text(words: Words, zone: ZoneInfo, item: Mapping[str, Any]) -> str:
    """What is computed anew, in a sentence; ``item`` is a ``Recomputation`` of the API."""
    if item["start"] is None:
        return words("recompute_none")
    return words(
        "recompute",
        start=minute_text(item["start"], zone),
        assets=item["assets"],
        channels=item["channels"],
        totals=item["totals"],
    )
