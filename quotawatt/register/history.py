"""One asset as of a day, straight from the record store: a few questions, however large the register."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import (
    Connection,
    Date,
    Select,
    bindparam,
    literal,
    select,
    text,
    union_all,
)

from quotawatt.errors import NotFoundError
from quotawatt.register.former import formers_of, held_on
from quotawatt.register.kinds import (
    Asset,
    Building,
    Charger,
    Equipment,
    FormerValue,
    Geofence,
    Meter,
    Organisation,
    PvPlant,
    Space,
    Vehicle,
    VirtualMeter,
)
from quotawatt.register.rows import CODED, KINDS
from quotawatt.storage.register_tables import REGISTER_TABLES

_DEEPEST = 64
"""No tree of organisations is deeper: a circle ends here."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """An asset as it was on a day.

    organisation
        Code of who answered for it; None for a site and where nobody is known.
    region_path, system_path
        Codes from that organisation upwards, itself first, by region and by sector system.
    """

    kind: str
    asset: Asset
    organisation: str | None
    region_path: tuple[str, ...]
    system_path: tuple[str, ...]


def asset_as_of(conn: Connection, code: str, day: date) -> AsOf:
    """The asset of this code as it was on a day (local, at its place).

    Asks at most six questions, each answered by an index. Raises NotFoundError for an unknown code.
    """
    kind = conn.execute(_KIND, {"code": code}).scalar_one_or_none()
    asset = None if kind is None else _held(conn, kind, code, day)
    if kind is None or asset is None:
        raise NotFoundError(f"an asset must be in the register, got {code!r}")
    organisation = _organisation_of(conn, asset, day)
    if organisation is None:
        return AsOf(kind, asset, None, (), ())
    found = conn.execute(_PATHS, {"code": organisation, "day": day, "deepest": _DEEPEST}).all()
    region, system = (
        tuple(dict.fromkeys(code for tree, code in found if tree == wanted)) for wanted in _TREES
    )
    return AsOf(kind, asset, organisation, region, system)


def _held(conn: Connection, kind: str, code: str, day: date) -> Asset | None:
    row = conn.execute(_ROWS[kind], {"code": code}).one_or_none()
    if row is None:
        return None
    asset = KINDS[kind](**row._mapping)
    assert isinstance(asset, Asset)
    found = conn.execute(_FORMERS, {"code": code, "day": day})
    formers = formers_of(FormerValue(*former) for former in found).get(code, {})
    return held_on(asset, formers, day)


def _organisation_of(conn: Connection, asset: Asset, day: date) -> str | None:
    """As ``Belonging.organisation_of`` has it."""
    if isinstance(asset, Organisation):
        return asset.code
    if isinstance(asset, Building | Equipment | Vehicle | Geofence):
        return asset.organisation
    if isinstance(asset, Space) and asset.organisation is not None:
        return asset.organisation
    if isinstance(asset, Space | Meter | VirtualMeter | PvPlant | Charger):
        building = _held(conn, "buildings", asset.building, day)
        return building.organisation if isinstance(building, Building) else None
    return None


def _row_query(kind: str) -> Select[tuple[object, ...]]:
    table = REGISTER_TABLES[kind]
    columns = [table.c[field.name] for field in fields(KINDS[kind])]
    return select(*columns).where(table.c.code == bindparam("code"))


# The codes upwards by the parents that held on the day.
_PATHS = text(
    """
    WITH RECURSIVE up (tree, code, depth) AS (
        VALUES ('region', CAST(:code AS VARCHAR(64)), 0), ('system', CAST(:code AS VARCHAR(64)), 0)
        UNION ALL
        SELECT up.tree, CAST(COALESCE(
            (SELECT f.value FROM former_values f
             WHERE f.asset = o.code AND f.attribute = up.tree || '_parent' AND f.valid_until > :day
             ORDER BY f.valid_until LIMIT 1),
            CASE up.tree WHEN 'region' THEN o.region_parent ELSE o.system_parent END
        ) AS VARCHAR(64)), up.depth + 1
        FROM up JOIN organisations o ON o.code = up.code
        WHERE up.depth < :deepest
    )
    SELECT tree, code FROM up WHERE code <> '' ORDER BY depth
    """
).bindparams(bindparam("day", type_=Date))
_TREES = ("region", "system")

_KIND = union_all(
    *(
        select(literal(kind).label("kind")).where(REGISTER_TABLES[kind].c.code == bindparam("code"))
        for kind in CODED
    )
)
_ROWS: Mapping[str, Select[tuple[object, ...]]] = {kind: _row_query(kind) for kind in CODED}
_TABLE = REGISTER_TABLES["former_values"]
_FORMERS = select(*(_TABLE.c[field.name] for field in fields(FormerValue))).where(
    _TABLE.c.asset == bindparam("code"), _TABLE.c.valid_until > bindparam("day")
)
