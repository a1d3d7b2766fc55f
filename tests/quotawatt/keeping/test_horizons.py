"""Until when what is kept: whole local months, in every zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from quotawatt.errors import StateError
from quotawatt.keeping.horizons import Horizons, horizons, month_floor
from quotawatt.settings import Settings
from quotawatt.storage.horizon import (
    announce_horizon,
    freeze_results,
    frozen_before,
    raw_horizon,
    require_raw,
)

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 15, tzinfo=UTC)
FEBRUARY = datetime(2026, 1, 31, 16, tzinfo=UTC)


def test_by_default_all_is_kept() -> None:
    assert horizons(Settings(), {SHANGHAI}, NOW) == Horizons()


def test_whole_local_months_go() -> None:
    settings = Settings(keep_readings_days=31, keep_hourly_days=400)
    found = horizons(settings, {SHANGHAI}, NOW)
    assert found == Horizons(FEBRUARY, datetime(2025, 1, 31, 16, tzinfo=UTC), None)


def test_where_months_begin_at_different_instants_hours_stay_a_month_longer() -> None:
    settings = Settings(keep_readings_days=400, keep_hourly_days=400)
    found = horizons(settings, {SHANGHAI, BERLIN}, NOW)
    assert found.readings == datetime(2025, 1, 31, 16, tzinfo=UTC)
    # January in Berlin, which began before the horizon and goes on after it.
    assert found.hourly == datetime(2024, 12, 31, 23, tzinfo=UTC)


def test_a_month_begins_at_a_full_utc_hour() -> None:
    assert month_floor(NOW, {ZoneInfo("Asia/Kolkata")}) == datetime(2026, 2, 28, 18, tzinfo=UTC)


def test_the_horizon_never_moves_back(records: Engine) -> None:
    with records.begin() as conn:
        assert raw_horizon(conn) is None
        assert announce_horizon(conn, NOW) == NOW
        assert announce_horizon(conn, FEBRUARY) == NOW
        assert frozen_before(conn) is None
        require_raw(conn, FEBRUARY, "a recomputation")
        freeze_results(conn, FEBRUARY)
        assert frozen_before(conn) == FEBRUARY
        with pytest.raises(StateError, match="raw_expired: a recomputation must begin at or after"):
            require_raw(conn, datetime(2026, 1, 31, 15, tzinfo=UTC), "a recomputation")


def test_nothing_is_frozen_that_was_not_announced(records: Engine) -> None:
    with records.begin() as conn, pytest.raises(StateError, match="must be announced"):
        freeze_results(conn, NOW)
