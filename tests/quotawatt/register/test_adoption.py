"""Adopting a device: checked like an import, all or nothing, told in the ledger."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from quotawatt.errors import InputError, NotFoundError, RegisterError, StateError
from quotawatt.ledger import Ledger
from quotawatt.readings import Reading, readings_table
from quotawatt.register.adoption import Adoption, Wish, adopt, forget
from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.register.editing import with_bindings
from quotawatt.register.model import Binding
from quotawatt.register.repository import load_register, save_register
from quotawatt.storage.jobs import REPLAY, read_job
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.seen import add_kept, write_seen
from quotawatt.storage.tables import kept_messages, seen_devices
from tests.quotawatt.register.example import write_example

AT = datetime(2023, 7, 1, tzinfo=UTC)
FIRST = datetime(2023, 6, 1, tzinfo=UTC)
EARLIEST = datetime(2023, 5, 1, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def engine(records: Engine, tmp_path: Path) -> Engine:
    """A record store that holds the example."""
    register = read_csv_folder(write_example(tmp_path / "csv"))
    save_register(records, register, "test", AT)
    return records


def see(engine: Engine, device: str, kept: int = 2, **more: Any) -> None:
    row = {
        "device": device,
        "profile": "native",
        "topic": "t",
        "first_seen": FIRST,
        "last_seen": AT,
        "messages": kept,
        "payload": b"{}",
        "payload_bytes": 2,
        "offers": [{"channel": "", "quantity": "water_m3", "value": 1.0, "time": AT.isoformat()}],
        "earliest_reading": EARLIEST,
        "kept": kept,
        "kept_bytes": 2 * kept,
        "dropped": 0,
        **more,
    }
    message = {"device": device, "arrived": AT, "topic": "t", "payload": b"{}"}
    with engine.begin() as conn:
        write_seen(conn, [row])
        add_kept(conn, [message] * kept)


def meter(engine: Engine) -> str:
    """The example's water meter."""
    return next(m.code for m in load_register(engine).meters.values() if m.carrier == "water")


def run(
    engine: Engine,
    device: str,
    *wanted: dict[str, Any],
    zone: ZoneInfo = SHANGHAI,
    series: SeriesStore | None = None,
    **more: Any,
) -> Adoption:
    wish = Wish(device, wanted, **more)
    return adopt(engine, series or MemorySeriesStore(), wish, "officer", AT, zone)


def test_a_device_is_bound_from_its_first_reading_and_its_replay_asked_for(
    engine: Engine,
) -> None:
    see(engine, "new")
    code = meter(engine)
    adopted = run(engine, "new", {"asset": code, "multiplier": 40.0, "register_size": 100_000.0})
    (binding,) = adopted.bindings
    assert binding in load_register(engine).bindings
    assert (binding.valid_from, binding.multiplier) == (EARLIEST, 40.0)
    assert (adopted.waiting, adopted.warnings) == (2, ())
    with engine.connect() as conn:
        assert adopted.job is not None
        job = read_job(conn, adopted.job)
    assert (job.kind, job.state, job.requested_by) == (REPLAY, "waiting", "officer")
    entry = Ledger(engine).entries()[-1]
    assert (entry.actor, entry.action, entry.subject) == ("officer", "device_adopted", "new")
    assert json.loads(entry.detail)["bindings"][0]["asset"] == code
    assert Ledger(engine).verify() == []


def test_without_a_plausible_reading_it_is_bound_from_when_it_was_seen(engine: Engine) -> None:
    see(engine, "new", earliest_reading=None)
    assert run(engine, "new", {"asset": meter(engine)}).bindings[0].valid_from == FIRST


def test_everything_that_is_wrong_is_said_and_nothing_is_bound(engine: Engine) -> None:
    see(engine, "new")
    before = load_register(engine).bindings
    with pytest.raises(RegisterError) as caught:
        run(
            engine,
            "new",
            {"asset": "NOBODY"},
            {"asset": meter(engine), "channel": "B", "multiplier": 0.0},
            {"asset": meter(engine), "channel": "C", "quantity": "volts"},
            {"asset": meter(engine), "channel": "D", "datum": "bd09"},
        )
    shown = "\n".join(caught.value.problems)
    for words in (
        "channels[0] asset: must be a code of",
        "channels[1] multiplier: must be above 0, got 0.0",
        "channels[2] quantity: must be a quantity",
        "channels[3] datum: must be one of wgs84, gcj02, got 'bd09'",
    ):
        assert words in shown
    assert load_register(engine).bindings == before


def test_a_binding_that_overlaps_another_is_refused(engine: Engine) -> None:
    see(engine, "new")
    code = meter(engine)
    run(engine, "new", {"asset": code})
    see(engine, "new")
    with pytest.raises(RegisterError, match="must not overlap"):
        run(engine, "new", {"asset": code}, valid_from=AT)


def test_a_channel_that_was_never_offered_is_a_warning(engine: Engine) -> None:
    see(engine, "new")
    adopted = run(engine, "new", {"asset": meter(engine), "channel": "L9"})
    assert adopted.warnings == ("'L9': the device has not offered it yet",)


def test_a_device_nobody_saw_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="'nobody'"):
        run(engine, "nobody", {"asset": meter(engine)})
    with pytest.raises(NotFoundError, match="'nobody'"):
        forget(engine, "nobody", "officer", AT)


def test_a_forgotten_device_is_gone_with_what_was_kept(engine: Engine) -> None:
    see(engine, "new")
    see(engine, "other")
    assert forget(engine, "new", "officer", AT) == 2
    with engine.connect() as conn:
        assert conn.execute(select(seen_devices.c.device)).scalars().all() == ["other"]
        assert set(conn.execute(select(kept_messages.c.device)).scalars()) == {"other"}
    assert Ledger(engine).entries()[-1].action == "device_forgotten"


def test_an_import_that_binds_a_device_asks_for_the_replay(engine: Engine) -> None:
    see(engine, "new")
    see(engine, "known", kept=0)
    stored = load_register(engine)
    model = stored.bindings[0]
    more = [replace(model, device=name) for name in ("new", "known")]
    kinds = {
        name: list(getattr(stored, name).values())
        for name in ("organisations", "sites", "buildings", "meters", "pv_plants", "vehicles")
    }
    bound = type(stored)(
        **kinds,
        headcounts=stored.headcounts,
        base_values=stored.base_values,
        bindings=[*stored.bindings, *more],
    )
    save_register(engine, bound, "cli", AT)
    with engine.connect() as conn:
        assert read_job(conn, 1).kind == REPLAY
        # Nothing of it is left to bind or to replay.
        assert conn.execute(select(seen_devices.c.device)).scalars().all() == ["new"]


def test_local_times_read_in_another_zone_do_not_cost_the_first_hours(engine: Engine) -> None:
    """What the device wrote as 00:00 was taken for 00:00 UTC; at the meter it was 16:00 UTC before."""
    see(engine, "new")
    adopted = run(engine, "new", {"asset": meter(engine)}, zone=ZoneInfo("UTC"))
    assert adopted.bindings[0].valid_from == EARLIEST - timedelta(hours=8)
    see(engine, "other")
    tokyo = ZoneInfo("Asia/Tokyo")
    adopted = run(engine, "other", {"asset": meter(engine)}, zone=tokyo, if_fed="also")
    assert adopted.bindings[0].valid_from == EARLIEST


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"asset": "MTR-1"}, "MTR-1 is a meter of electricity and gets no electricity_import_kwh"),
        ({"asset": "ORG-1"}, "no total counts what feeds ORG-1 itself; its meters are counted"),
        ({"asset": "BLD-1"}, "no total counts what feeds BLD-1 itself"),
        ({"asset": "MTR-3", "quantity": "gas_m3"}, "'' gas_m3: the device has not offered it yet"),
    ],
)
def test_what_may_be_a_mistake_is_said(engine: Engine, wanted: dict[str, Any], words: str) -> None:
    see(engine, "new")
    (warning,) = run(engine, "new", wanted, if_fed="also").warnings
    assert words in warning


def test_a_start_after_the_first_reading_is_a_warning(engine: Engine) -> None:
    see(engine, "new")
    (warning,) = run(engine, "new", {"asset": meter(engine)}, valid_from=AT).warnings
    assert "before valid_from feeds nothing" in warning
    assert EARLIEST.astimezone(SHANGHAI).isoformat() in warning


def test_another_name_at_the_meter_is_no_mistake(engine: Engine) -> None:
    see(engine, "new")
    named = {"quantity": "water_m3", "point_quantity": "electricity_import_kwh"}
    assert run(engine, "new", {"asset": "MTR-1", **named}, if_fed="also").warnings == ()


# --- assets that another device feeds --------------------------------------------------------------


def test_an_asset_that_another_device_feeds_is_not_fed_twice_unasked(engine: Engine) -> None:
    see(engine, "new")
    before = load_register(engine).bindings
    with pytest.raises(StateError) as caught:
        run(engine, "new", {"asset": "MTR-1"})
    assert "MTR-1 is fed by dev-9 since 2023-01-01 00:00 (Asia/Shanghai)" in str(caught.value)
    assert load_register(engine).bindings == before
    with pytest.raises(InputError, match="if_fed must be one of refuse, replace, also"):
        run(engine, "new", {"asset": "MTR-1"}, if_fed="perhaps")


def test_what_another_device_feeds_ends_where_the_new_one_begins(engine: Engine) -> None:
    see(engine, "new")
    adopted = run(engine, "new", {"asset": "MTR-1"}, if_fed="replace")
    (ended,) = adopted.ended
    assert (ended.device, ended.valid_until) == ("dev-9", EARLIEST)
    fed = {b.device: b for b in load_register(engine).bindings_of("MTR-1")}
    assert (fed["dev-9"], fed["new"]) == (ended, adopted.bindings[0])
    # The one before it had ended already.
    assert fed["dev-1"].valid_until == datetime(2022, 12, 31, 16, tzinfo=UTC)
    assert json.loads(Ledger(engine).entries()[-1].detail)["if_fed"] == "replace"


def test_both_feed_where_that_is_asked_for(engine: Engine) -> None:
    see(engine, "new")
    assert run(engine, "new", {"asset": "MTR-1"}, if_fed="also").ended == ()
    open_ends = {b.device for b in load_register(engine).bindings_of("MTR-1") if not b.valid_until}
    assert open_ends == {"dev-9", "new"}


def test_one_that_begins_later_cannot_be_replaced(engine: Engine) -> None:
    see(engine, "new")
    start = datetime(2022, 6, 1, tzinfo=UTC)
    with pytest.raises(StateError, match=r"must begin before the new one.*dev-9"):
        run(engine, "new", {"asset": "MTR-1"}, if_fed="replace", valid_from=start)


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        ({"quantity": "water_m3"}, False),
        ({"quantity": "water_m3", "point_quantity": "pv_generation_kwh"}, True),
        ({"quantity": "pv_generation_kwh"}, True),
        ({"channel": "never-offered"}, True),
        ({}, False),
    ],
)
def test_other_quantities_are_no_rivals(
    engine: Engine, wanted: dict[str, Any], refused: bool
) -> None:
    """PV-1 is fed with pv_generation_kwh; the device offers water_m3."""
    see(engine, "new")
    if refused:
        with pytest.raises(StateError, match="PV-1 is fed by dev-2"):
            run(engine, "new", {"asset": "PV-1", **wanted})
    else:
        assert run(engine, "new", {"asset": "PV-1", **wanted}).ended == ()


def test_channels_of_one_device_add_up(engine: Engine) -> None:
    see(engine, "new")
    code = meter(engine)
    adopted = run(engine, "new", {"asset": code, "channel": "L1"}, {"asset": code, "channel": "L2"})
    assert len(adopted.bindings) == 2


# --- what was stored while the device was bound before ---------------------------------------------


def stored(*times: datetime, channel: str = "", quantity: str = "water_m3") -> SeriesStore:
    series = MemorySeriesStore()
    readings = [Reading("new", channel, quantity, time, 1.0, AT) for time in times]
    series.write_readings(readings_table(readings))
    return series


def test_readings_stored_before_count_again(engine: Engine) -> None:
    see(engine, "new")
    old = EARLIEST - timedelta(days=90)
    adopted = run(engine, "new", {"asset": meter(engine)}, series=stored(FIRST, old, AT))
    assert adopted.bindings[0].valid_from == old


@pytest.mark.parametrize("where", [{"channel": "L1"}, {"quantity": "gas_m3"}])
def test_stored_readings_of_other_series_are_no_start(
    engine: Engine, where: dict[str, str]
) -> None:
    see(engine, "new")
    series = stored(EARLIEST - timedelta(days=90), **where)
    assert run(engine, "new", {"asset": meter(engine)}, series=series).bindings[0].valid_from == (
        EARLIEST
    )


def test_what_an_ended_binding_took_is_not_taken_again(engine: Engine) -> None:
    end = EARLIEST - timedelta(days=30)
    stored_register = load_register(engine)
    past = Binding("new", meter(engine), FIRST - timedelta(days=300), valid_until=end)
    bound = with_bindings(stored_register, [*stored_register.bindings, past], ())
    save_register(engine, bound, "test", AT)
    see(engine, "new")
    after = end + timedelta(hours=1)
    series = stored(end - timedelta(days=9), after, AT)
    adopted = run(engine, "new", {"asset": meter(engine)}, series=series)
    assert adopted.bindings[0].valid_from == after


# --- powers without a counter ----------------------------------------------------------------------


def offers(*quantities: str, channel: str = "") -> list[dict[str, Any]]:
    made = {"channel": channel, "value": 1.0, "time": AT.isoformat()}
    return [{**made, "quantity": quantity} for quantity in quantities]


POWER = "electricity_power_kw"


@pytest.mark.parametrize(
    ("offered", "wanted", "named"),
    [
        ([POWER, "voltage_v"], {}, (POWER, "")),
        ([POWER], {"point_quantity": "electricity_export_kwh"}, (POWER, "electricity_export_kwh")),
        # It has a counter: both would count twice.
        ([POWER, "electricity_import_kwh"], {}, ("", "")),
        ([POWER, "electricity_export_kwh"], {}, ("", "")),
        # No power of what the meter is there for.
        (["heat_power_kw"], {}, ("", "")),
        (["voltage_v"], {}, ("", "")),
        # What is named stays.
        ([POWER, "voltage_v"], {"quantity": "voltage_v"}, ("voltage_v", "")),
    ],
)
def test_a_power_without_a_counter_is_named(
    engine: Engine, offered: list[str], wanted: dict[str, str], named: tuple[str, str]
) -> None:
    see(engine, "new", offers=offers(*offered))
    (binding,) = run(engine, "new", {"asset": "MTR-1", **wanted}, if_fed="also").bindings
    assert (binding.quantity, binding.point_quantity) == named


def test_each_channel_is_looked_at_by_itself(engine: Engine) -> None:
    both = offers(POWER, channel="L1") + offers("electricity_import_kwh", POWER, channel="L2")
    see(engine, "new", offers=both)
    wanted = ({"asset": "MTR-1", "channel": name} for name in ("L1", "L2"))
    made = run(engine, "new", *wanted, if_fed="also").bindings
    assert [binding.quantity for binding in made] == [POWER, ""]


def test_the_powers_of_water_and_heat_are_named_and_no_mistake(engine: Engine) -> None:
    see(engine, "new", offers=offers("water_flow_m3h"))
    adopted = run(engine, "new", {"asset": meter(engine)}, if_fed="also")
    assert adopted.bindings[0].quantity == "water_flow_m3h"
    assert adopted.warnings == ()
