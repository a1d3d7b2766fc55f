"""The raw horizon: before it readings are gone, and results stay as they are.

It moves in two steps, so that nothing on its way is lost. First it is *announced*: from then on collectors
refuse readings from before it (``raw_expired``), while what was taken in before is still computed. Then it is
*frozen*: from then on no result before it is computed, and the readings can go. It never moves back.

Positions have a horizon of their own: before it they are thin, and trips stay as they are.
"""

from datetime import datetime

from sqlalchemy import Connection

from quotawatt.errors import StateError
from quotawatt.storage.facts import lock_fact, put_fact, read_fact

RAW_EXPIRED = "raw_expired"
"""Why a reading from before the horizon is refused, and why nothing is computed there."""

_ANNOUNCED = "raw_horizon"
_FROZEN = "raw_frozen"
_THINNED = "positions_thinned"
_NEVER = ""


def raw_horizon(conn: Connection) -> datetime | None:
    """From when on readings are taken in (UTC); None: from any time."""
    return _instant(read_fact(conn, _ANNOUNCED, _NEVER))


def frozen_before(conn: Connection) -> datetime | None:
    """Before when no result is computed any more (UTC); None: all are. Never after ``raw_horizon``."""
    return _instant(read_fact(conn, _FROZEN, _NEVER))


def thinned_before(conn: Connection) -> datetime | None:
    """Before when positions are thin or about to be, so that no trip is computed any more; None: nowhere.

    Never before ``frozen_before``: what has no readings has no positions.
    """
    horizons = (_instant(read_fact(conn, _THINNED, _NEVER)), frozen_before(conn))
    return max((horizon for horizon in horizons if horizon is not None), default=None)


def announce_thinning(conn: Connection, horizon: datetime) -> datetime:
    """Compute no trip before ``horizon`` any more; returns the horizon that holds, which may be later."""
    return _advance(conn, _THINNED, horizon)


def announce_horizon(conn: Connection, horizon: datetime) -> datetime:
    """Refuse readings from before ``horizon``; returns the one that holds, which may be later."""
    return _advance(conn, _ANNOUNCED, horizon)


def freeze_results(conn: Connection, horizon: datetime) -> datetime:
    """Compute nothing before ``horizon`` any more. Raises StateError where it was not announced."""
    announced = raw_horizon(conn)
    if announced is None or announced < horizon:
        raise StateError(f"a raw horizon must be announced before it is frozen, got {horizon}")
    return _advance(conn, _FROZEN, horizon)


def require_raw(conn: Connection, start: datetime, what: str) -> None:
    """Raise StateError where ``start`` lies before the frozen time. ``what`` is to be done from then on."""
    frozen = frozen_before(conn)
    if frozen is not None and start < frozen:
        raise StateError(
            f"{RAW_EXPIRED}: {what} must begin at or after {frozen.isoformat()}, before which readings are "
            f"gone and results stay as they are, got {start.isoformat()}"
        )


def _advance(conn: Connection, name: str, horizon: datetime) -> datetime:
    known = _instant(lock_fact(conn, name, _NEVER))
    if known is not None and known >= horizon:
        return known
    put_fact(conn, name, horizon.isoformat())
    return horizon


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
