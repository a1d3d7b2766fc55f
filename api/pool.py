"""Read side of the pool for its routes: offers as rows, idle assets, searches and their numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, select

from analytics.assets.idle import IDLE_ASSET, said_idle
from api.queries import page_of_rows
from quotawatt.ledger import Ledger
from quotawatt.register.model import Asset, Equipment, Register, Space, Vehicle
from quotawatt.register.pool_book import offered_assets, read_offer, requests_of, steps_of
from quotawatt.register.pool_match import Match, Wanted
from quotawatt.register.pool_states import OFFERED
from quotawatt.spans import local_date
from quotawatt.storage.pool_tables import pool_offers, pool_searches
from quotawatt.storage.tables import findings

Row = dict[str, Any]

_IDLE = (IDLE_ASSET, "vehicle_idle", "vehicle_under_used")
"""Codes of the findings that name candidates."""


def offer_page(
    records: Engine,
    register: Register,
    filters: Mapping[str, str | None],
    limit: int,
    offset: int,
) -> tuple[int, list[Row]]:
    """How many offers meet the filters (by column; None: any), and one page of them, latest first."""
    wanted = [pool_offers.c[name] == value for name, value in filters.items() if value is not None]
    order = [pool_offers.c.id.desc()]
    total, rows = page_of_rows(records, pool_offers, wanted, order, limit, offset)
    return total, [offer_item(row, register) for row in rows]


def offer_item(offer: Row, register: Register) -> Row:
    """An offer with its asset's name and kind."""
    asset = register.assets.get(offer["asset"])
    return {**offer, "name": _names(asset), "kind": "" if asset is None else kind_of(asset)}


def offer_detail(records: Engine, register: Register, number: int) -> Row:
    """An offer with its requests and steps. Raises NotFoundError where there is none."""
    with records.connect() as conn:
        offer = read_offer(conn, number)
        requests, steps = requests_of(conn, number), steps_of(conn, number)
    return {**offer_item(offer, register), "requests": requests, "steps": steps}


def kind_of(asset: Asset) -> str:
    """Kind of equipment or vehicle, or use of a room; empty for anything else."""
    if isinstance(asset, Equipment | Vehicle):
        return asset.kind
    return asset.use if isinstance(asset, Space) else ""


def candidates(records: Engine, register: Register, sees: Callable[[str], bool]) -> list[Row]:
    """Idle assets that nobody has offered: by the register, or by a finding of the daily check.

    ``evidence`` is that of the finding, with its code as ``finding``; empty where the register says it.
    Vehicles that must not be followed come by their status alone.
    """
    with records.connect() as conn:
        offered = offered_assets(conn)
        shown = _idle_findings(conn)
    idle: dict[str, Row] = {code: {} for code in said_idle(register)}
    idle |= {code: {} for code, car in register.vehicles.items() if car.status == "idle"}
    idle |= {code: detail for code, detail in shown.items() if code in register.assets}
    return [
        {
            "asset": code,
            "name": _names(register.assets[code]),
            "kind": kind_of(register.assets[code]),
            "organisation": register.organisation_of(code),
            "evidence": evidence,
        }
        for code, evidence in sorted(idle.items())
        if code not in offered and sees(code)
    ]


def open_offers(records: Engine) -> dict[str, int]:
    """Numbers of the offers that nobody has been promised, by asset."""
    chosen = select(pool_offers.c.asset, pool_offers.c.id).where(pool_offers.c.state == OFFERED)
    with records.connect() as conn:
        return {row.asset: row.id for row in conn.execute(chosen)}


def record_search(
    records: Engine,
    wanted: Wanted,
    matches: Sequence[Match],
    actor: str,
    at: datetime,
    zone: ZoneInfo,
) -> str:
    """Keep a search and what it found, nothing included; the number under which it can be cited.

    The number has the year of ``zone`` in it.
    """
    row = {
        "at": at,
        "actor": actor,
        "organisation": wanted.organisation,
        "wanted": asdict(wanted),
        "matches": [_plain(match) for match in matches],
    }
    with records.begin() as conn:
        key = conn.execute(insert(pool_searches).values(row)).inserted_primary_key
        assert key is not None
        number = f"POOL-{local_date(at, zone).year}-{key[0]:05d}"
        Ledger(records).append(
            conn,
            at=at,
            actor=actor,
            action="pool_searched",
            subject=wanted.organisation,
            detail={"number": number, "wanted": row["wanted"], "matches": row["matches"]},
        )
    return number


def match_item(found: Match, register: Register) -> Row:
    """A match with its asset's name and kind."""
    asset = register.assets[found.asset]
    return {**_plain(found), "name": _names(asset), "kind": kind_of(asset)}


def _plain(found: Match) -> Row:
    return {**asdict(found), "reasons": list(found.reasons)}


def _idle_findings(conn: Connection) -> dict[str, Row]:
    """Evidence by asset of the findings that stand; what was accepted may stay as it is."""
    f = findings.c
    chosen = select(f.subject, f.code, f.detail).where(f.code.in_(_IDLE), f.state == "open")
    return {
        row.subject: {**row.detail, "finding": row.code}
        for row in conn.execute(chosen.order_by(f.code))
    }


def _names(asset: Asset | None) -> dict[str, str]:
    return {} if asset is None else {"zh": asset.name_zh, "en": asset.name_en}
