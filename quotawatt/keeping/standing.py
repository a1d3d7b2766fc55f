"""What is kept from when on: what the settings want, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from quotawatt.keeping.horizons import Horizons, horizons
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.horizon import frozen_before, raw_horizon

_ASKED = "keep_asked"
_DONE = "kept"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far letting go has come.

    wanted
        What the settings would let go now.
    announced, frozen
        The raw horizon: from when on readings are taken in, and from when on results are computed.
    gone
        Before when what is gone by now; None: nothing is.
    asked
        Whether somebody has asked for it, and it waits.
    """

    wanted: Horizons
    announced: datetime | None
    frozen: datetime | None
    gone: Horizons
    asked: bool


def zones_of(register: Register, settings: Settings) -> set[ZoneInfo]:
    """The time zones of all sites, and that of the settings."""
    default = ZoneInfo(settings.timezone)
    return {default} | {register.zone_of_asset(code) or default for code in register.sites}


def standing(conn: Connection, settings: Settings, register: Register, now: datetime) -> Standing:
    """How far it has come at ``now``."""
    return Standing(
        wanted=horizons(settings, zones_of(register, settings), now),
        announced=raw_horizon(conn),
        frozen=frozen_before(conn),
        gone=Horizons(gone(conn, "readings"), gone(conn, "hour"), gone(conn, "day")),
        asked=asked_to_keep(conn),
    )


def gone(conn: Connection, what: str) -> datetime | None:
    """Before when ``readings``, or the results of a grain, are gone; None: none are."""
    text = read_fact(conn, _DONE, {}).get(what, "")
    return datetime.fromisoformat(text) if text else None


def note_gone(conn: Connection, what: str, horizon: datetime) -> None:
    """Say that all before ``horizon`` is gone."""
    put_fact(conn, _DONE, {**lock_fact(conn, _DONE, {}), what: horizon.isoformat()})


def asked_to_keep(conn: Connection) -> bool:
    """Whether somebody has asked for it, and it waits."""
    return bool(read_fact(conn, _ASKED, False))


def ask_to_keep(conn: Connection, asked: bool = True) -> None:
    """Ask for it at the next turn of the analysis, or say that it was done."""
    lock_fact(conn, _ASKED, asked)
    put_fact(conn, _ASKED, asked)
