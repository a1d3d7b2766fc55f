"""Saving is all or nothing and says what has to be computed anew; loading gives the same register."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select

from quotawatt.errors import RegisterError, StoreError
from quotawatt.ledger import Ledger
from quotawatt.register import repository
from quotawatt.register.changes import changes_between
from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.register.editing import with_bindings
from quotawatt.register.model import Register
from quotawatt.register.operations import correct
from quotawatt.register.repository import (
    RegisterSource,
    change_register,
    load_register,
    save_register,
)
from quotawatt.register.rows import records_of
from quotawatt.register.stored import load
from quotawatt.storage.tables import state
from tests.quotawatt.register.example import edited, write_example
from tests.waiting import silent

AT = datetime(2023, 1, 1, tzinfo=UTC)
YEAR_2022 = "2021-12-31T16:00:00+00:00"
YEAR_2023 = "2022-12-31T16:00:00+00:00"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return read_csv_folder(write_example(tmp_path / "csv"))


def _state(records: Engine, name: str) -> Any:
    with records.connect() as conn:
        return conn.execute(select(state.c.value).where(state.c.name == name)).scalar_one()


def _changed(folder: Path, **files: str) -> Register:
    return read_csv_folder(write_example(folder, **files))


def _sorted(register: Register) -> dict[str, set[Any]]:
    return {kind: set(records) for kind, records in records_of(register).items()}


def test_saved_and_loaded_it_is_the_same(records: Engine, register: Register) -> None:
    counts = save_register(records, register, "张工", AT)
    assert counts["meters"] == {"added": 3, "changed": 0, "removed": 0}
    assert _sorted(load_register(records)) == _sorted(register)
    (entry,) = Ledger(records).entries()
    assert (entry.actor, entry.action, entry.at) == ("张工", "register_saved", AT)
    assert json.loads(entry.detail)["bindings"]["added"] == 3


def test_saving_the_same_again_does_nothing(records: Engine, register: Register) -> None:
    save_register(records, register, "a", AT)
    assert save_register(records, register, "a", AT) == {}
    assert _state(records, "register_version") == 1
    assert Ledger(records).head()[0] == 1


def test_rows_are_added_changed_and_removed(
    records: Engine, register: Register, tmp_path: Path
) -> None:
    save_register(records, register, "a", AT)
    after = _changed(
        tmp_path / "b",
        **edited("meters", "MTR-3,水表,Water,BLD-1,water,,,", "MTR-4,新,New,BLD-1,heat,,,"),
        **edited("buildings", "8000,", "8100,"),
    )
    counts = save_register(records, after, "a", AT)
    assert counts == {
        "meters": {"added": 1, "changed": 0, "removed": 1},
        "buildings": {"added": 0, "changed": 1, "removed": 0},
    }
    assert _sorted(load_register(records)) == _sorted(after)
    assert _state(records, "register_version") == 2


def test_a_failure_leaves_everything_as_it_was(records: Engine, register: Register) -> None:
    save_register(records, register, "a", AT)
    broken = Register(meters=[replace(register.meters["MTR-1"], code=None)])  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"(?i)null"):
        save_register(records, broken, "a", AT)
    assert _sorted(load_register(records)) == _sorted(register)
    assert _state(records, "register_version") == 1
    assert Ledger(records).verify() == []


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [
        # another multiplier holds from the binding's start
        ("bindings", ",40,100000", ",80,100000", [("dev-9", "", YEAR_2023)]),
        # a later end matters from the earlier of the two ends on; the next one starts later
        (
            "bindings",
            "2023-01-01T00:00:00+08:00,40,99999\ndev-9,,,MTR-1,,2023-01-01",
            "2023-02-01T00:00:00+08:00,40,99999\ndev-9,,,MTR-1,,2023-02-01",
            [("dev-1", "", YEAR_2023), ("dev-9", "", YEAR_2023)],
        ),
        # a meter's rating tells a rollover from a reset, over all of its bindings
        (
            "meters",
            "MTR-1,总表,Main,BLD-1,electricity,,,400",
            "MTR-1,总表,Main,BLD-1,electricity,,,500",
            [("dev-1", "", YEAR_2022), ("dev-9", "", YEAR_2023)],
        ),
        ("meters", "Main", "Incomer", []),  # a name computes nothing
        ("bindings", "dev-2,1", "dev-3,1", [("dev-2", "1", YEAR_2023), ("dev-3", "1", YEAR_2023)]),
    ],
)
def test_what_changed_bindings_feed_is_computed_anew(
    records: Engine,
    tmp_path: Path,
    register: Register,
    kind: str,
    old: str,
    new: str,
    expected: list[Any],
) -> None:
    save_register(records, register, "a", AT)
    assert len(_state(records, "recompute")) == 3  # every binding was new
    with records.begin() as conn:  # the analyser has been here
        conn.execute(state.update().where(state.c.name == "recompute").values(value=[]))
    save_register(records, _changed(tmp_path / "b", **edited(kind, old, new)), "a", AT)
    found = _state(records, "recompute")
    assert [(w["device"], w["channel"], w["from"]) for w in found] == expected


def test_requests_that_wait_are_kept_from_their_earliest_instant(
    records: Engine, tmp_path: Path, register: Register
) -> None:
    save_register(records, register, "a", AT)
    save_register(
        records, _changed(tmp_path / "b", **edited("bindings", ",40,99", ",80,99")), "a", AT
    )
    found = {w["device"]: w["from"] for w in _state(records, "recompute")}
    assert found == {"dev-1": YEAR_2022, "dev-2": YEAR_2023, "dev-9": YEAR_2023}


def test_two_imports_at_once_leave_one_register(
    records: Engine, register: Register, tmp_path: Path
) -> None:
    other = _changed(tmp_path / "b", **edited("buildings", "8000,", "8100,"))
    threads = [
        threading.Thread(target=save_register, args=(records, r, "a", AT))
        for r in (register, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _state(records, "register_version") == 2
    assert _sorted(load_register(records)) in (_sorted(register), _sorted(other))
    assert Ledger(records).verify() == []


class _Monotonic:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_the_source_sees_a_new_version_when_it_looks_again(
    records: Engine, register: Register, tmp_path: Path
) -> None:
    clock = _Monotonic()
    source = RegisterSource(records, check_every_s=1.0, monotonic=clock)
    assert source().meters == {}
    save_register(records, register, "a", AT)
    assert source().meters == {}
    clock.now_s = 1.0
    loaded = source()
    assert set(loaded.meters) == {"MTR-1", "MTR-2", "MTR-3"}
    clock.now_s = 2.0
    assert source() is loaded
    save_register(
        records, _changed(tmp_path / "b", **edited("buildings", "8000,", "8100,")), "a", AT
    )
    assert source.refresh().buildings["BLD-1"].gross_area_m2 == 8100


def test_between_looks_the_source_asks_the_store_nothing(records: Engine) -> None:
    source = RegisterSource(records, monotonic=_Monotonic())
    source()
    statements: list[str] = []
    event.listen(
        records, "before_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement)
    )
    source()
    assert statements == []


def test_a_store_that_fails_is_tried_again(records: Engine, register: Register) -> None:
    source = RegisterSource(records, check_every_s=0)
    save_register(records, register, "a", AT)
    with silent(records), pytest.raises(StoreError):
        source()
    assert set(source().meters) == set(register.meters)


def test_another_datum_is_a_change_from_the_start(records: Engine, register: Register) -> None:
    save_register(records, register, "test", AT)
    first, *others = register.bindings
    changed = Register(
        **{**records_of(register), "bindings": [replace(first, datum="gcj02"), *others]}  # type: ignore[arg-type]
    )
    assert save_register(records, changed, "test", AT) == {
        "bindings": {"added": 0, "changed": 1, "removed": 0}
    }
    assert {b.datum for b in load_register(records).bindings} == {"wgs84", "gcj02"}
    assert {"device": first.device, "channel": first.channel, "from": YEAR_2022} in _state(
        records, "recompute"
    )


def test_the_register_at_hand_is_not_loaded_again(records: Engine, register: Register) -> None:
    save_register(records, register, "a", AT)
    source = RegisterSource(records)
    at_hand = source()
    given: list[Register] = []

    def edit(stored: Register) -> Register:
        given.append(stored)
        return replace_site(stored, quota_zone="A" if len(given) == 1 else "C")

    change_register(records, edit, "a", AT, near=source)
    # by now it is of an older version, and must not be built upon
    change_register(records, edit, "a", AT, near=source)
    assert given[0] is at_hand
    assert given[1].sites["SITE-1"].quota_zone == "A"
    assert source.refresh().sites["SITE-1"].quota_zone == "C"


def test_the_source_takes_over_what_a_change_made(records: Engine, register: Register) -> None:
    save_register(records, register, "a", AT)
    source = RegisterSource(records)
    source()
    made = change_register(
        records, lambda stored: replace_site(stored, quota_zone="A"), "a", AT, near=source
    )
    assert source.refresh() is made.register
    assert changes_between(load_register(records), made.register) == {}


def test_a_change_that_came_to_nothing_is_not_taken_over(
    records: Engine, register: Register
) -> None:
    save_register(records, register, "a", AT)
    source = RegisterSource(records)
    at_hand = source()

    def refused(stored: Register) -> Register:
        raise RegisterError(["no"])

    with pytest.raises(RegisterError):
        change_register(records, refused, "a", AT, near=source)
    change_register(records, lambda stored: stored, "a", AT, near=source)
    assert source.refresh() is at_hand


def test_an_older_change_does_not_take_the_place_of_a_later_one(
    records: Engine, register: Register
) -> None:
    save_register(records, register, "a", AT)
    source = RegisterSource(records)
    first, second = (
        change_register(records, partial(replace_site, quota_zone=zone), "a", AT) for zone in "AC"
    )
    source.take_over(second)
    source.take_over(first)
    assert source().sites["SITE-1"].quota_zone == "C"


def test_marks_of_adoption_alone_make_a_version(records: Engine, register: Register) -> None:
    save_register(records, register, "a", AT)
    source = RegisterSource(records)
    adopted = register.bindings[:1]
    save_register(records, with_bindings(register, register.bindings, adopted), "a", AT)
    assert source.refresh().adopted == adopted
    save_register(records, with_bindings(register, register.bindings, ()), "a", AT)
    # A source that missed it would keep on saying that the binding is adopted.
    assert source.refresh().adopted == ()


def test_a_save_while_it_is_loaded_is_seen_whole_or_not_at_all(
    records: Engine, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_register(records, register, "a", AT)
    source = RegisterSource(records, check_every_s=0)

    def saved_meanwhile(conn: Connection) -> Register:
        monkeypatch.setattr(repository, "load", load)
        save_register(records, replace_site(register, quota_zone="A"), "b", AT)
        return load(conn)

    monkeypatch.setattr(repository, "load", saved_meanwhile)
    assert changes_between(register, source()) == {}
    assert source().sites["SITE-1"].quota_zone == "A"


def test_of_two_edits_at_once_none_is_lost(records: Engine, register: Register) -> None:
    save_register(records, register, "a", AT)
    source = RegisterSource(records, check_every_s=0)
    before = source().buildings["BLD-1"]

    def edit(column: str, value: object, near: RegisterSource | None) -> None:
        change_register(records, lambda r: correct(r, "BLD-1", {column: value}), "a", AT, near=near)

    edits = [("gross_area_m2", 7000.0), ("year_built", 1999), ("name_en", "Other")]
    threads = [
        threading.Thread(target=edit, args=(*change, near))
        for change, near in zip(edits, (source, source, None), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = replace(before, **dict(edits))  # type: ignore[arg-type]
    assert load_register(records).buildings["BLD-1"] == expected
    assert source().buildings["BLD-1"] == expected


def replace_site(register: Register, quota_zone: str) -> Register:
    site = replace(register.sites["SITE-1"], quota_zone=quota_zone)
    return Register(**{**records_of(register), "sites": [site]})  # type: ignore[arg-type]
