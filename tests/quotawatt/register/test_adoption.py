"""Adopting a device: checked like an import, all or nothing, told in the ledger."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from quotawatt.errors import NotFoundError, RegisterError
from quotawatt.ledger import Ledger
from quotawatt.register.adoption import Adoption, adopt, forget
from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.register.repository import load_register, save_register
from quotawatt.storage.jobs import REPLAY, read_job
from quotawatt.storage.records import open_records
from quotawatt.storage.seen import add_kept, write_seen
from quotawatt.storage.tables import kept_messages, seen_devices
from tests.quotawatt.register.example import write_example

AT = datetime(2023, 7, 1, tzinfo=UTC)
FIRST = datetime(2023, 6, 1, tzinfo=UTC)
EARLIEST = datetime(2023, 5, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = "sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres")
    opened = open_records(url, tmp_path)
    register = read_csv_folder(write_example(tmp_path / "csv"))
    save_register(opened, register, "test", AT)
    yield opened
    opened.dispose()


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
    return next(iter(load_register(engine).meters))


def run(engine: Engine, device: str, *wanted: dict[str, Any], **more: Any) -> Adoption:
    start = more.get("valid_from")
    return adopt(engine, device, wanted, start, "officer", AT)


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
