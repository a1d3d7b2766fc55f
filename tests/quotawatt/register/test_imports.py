"""An import keeps what was adopted since its folder was written, and says so."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from quotawatt.errors import RegisterError
from quotawatt.ledger import Ledger
from quotawatt.register.csvfolder import read_csv_folder, write_csv_folder
from quotawatt.register.editing import with_adopted, with_bindings
from quotawatt.register.imports import Import, import_register
from quotawatt.register.model import Binding, Register
from quotawatt.register.planning import Options
from quotawatt.register.repository import change_register, load_register, save_register
from quotawatt.register.swap import Swap, save_replacement
from quotawatt.storage.memory import MemorySeriesStore
from tests.quotawatt.register.estate import with_records
from tests.quotawatt.register.example import found_of, write_example

PRUNE = Options(prune=True)
AT = datetime(2023, 7, 1, tzinfo=UTC)
NEW = Binding("new", "MTR-1", datetime(2023, 6, 1, tzinfo=UTC), multiplier=40.0)


@pytest.fixture
def folder(records: Engine, tmp_path: Path) -> Register:
    """The example as it is imported; the device ``new`` took the place of ``dev-9`` afterwards."""
    found = read_csv_folder(write_example(tmp_path / "csv"))
    run(records, found)
    adopted = [ended(found), NEW]
    change_register(records, lambda stored: with_adopted(stored, adopted), "officer", AT)
    return found


def ended(register: Register) -> Binding:
    (old,) = (b for b in register.bindings if b.device == "dev-9")
    return replace(old, valid_until=NEW.valid_from)


def with_more(found: Register, *more: Binding) -> Register:
    keys = {b.device for b in more}
    return with_bindings(found, [*(b for b in found.bindings if b.device not in keys), *more], ())


def imported(records: Engine, found: Register, options: Options = Options()) -> Import:
    return import_register(records, found_of(found), "cli", AT, ZoneInfo("UTC"), options)


def run(records: Engine, found: Register, options: Options = Options()) -> set[Binding]:
    """The bindings that were kept."""
    return set(imported(records, found, options).kept)


def test_what_was_adopted_is_kept_by_every_import_of_the_old_folder(
    records: Engine, folder: Register
) -> None:
    for _ in range(2):
        done = imported(records, folder)
        assert (set(done.kept), done.change.kinds) == ({NEW, ended(folder)}, {})
        assert {NEW, ended(folder)} <= set(load_register(records).bindings)


def test_pruning_takes_the_folder_as_it_is_and_names_what_went(
    records: Engine, folder: Register
) -> None:
    done = imported(records, folder, PRUNE)
    assert done.kept == ()
    assert done.change.kinds["bindings"].removed == (NEW,)
    assert set(load_register(records).bindings) == set(folder.bindings)
    assert load_register(records).adopted == ()
    assert Ledger(records).verify() == []


def test_once_exported_and_imported_it_is_the_folders(
    records: Engine, folder: Register, tmp_path: Path
) -> None:
    write_csv_folder(load_register(records), tmp_path / "out")
    assert run(records, read_csv_folder(tmp_path / "out")) == set()
    assert load_register(records).adopted == ()
    # From now on its absence is meant, and has to be said.
    with pytest.raises(RegisterError, match="what is stored must be in its sheet"):
        run(records, folder)
    assert run(records, folder, Options(remove=True)) == set()
    assert set(load_register(records).bindings) == set(folder.bindings)


def test_a_row_of_the_folder_goes_before_what_was_adopted(
    records: Engine, folder: Register
) -> None:
    mended = replace(NEW, multiplier=80.0)
    assert run(records, with_more(folder, mended)) == {ended(folder)}
    assert mended in load_register(records).bindings


def test_the_end_is_kept_of_a_row_that_was_mended(records: Engine, folder: Register) -> None:
    old = replace(ended(folder), multiplier=60.0, valid_until=None)
    kept = replace(old, valid_until=NEW.valid_from)
    assert run(records, with_more(folder, old)) == {NEW, kept}
    assert kept in load_register(records).bindings


def test_an_end_that_the_folder_gives_goes_before_that_of_the_adoption(
    records: Engine, folder: Register
) -> None:
    theirs = replace(ended(folder), valid_until=AT)
    assert run(records, with_more(folder, theirs)) == {NEW}
    assert theirs in load_register(records).bindings


def test_what_cannot_be_kept_stops_the_import(records: Engine, folder: Register) -> None:
    before = set(load_register(records).bindings)
    rival = replace(NEW, valid_from=datetime(2023, 6, 2, tzinfo=UTC))
    with pytest.raises(RegisterError) as caught:
        run(records, with_more(folder, rival))
    (problem,) = caught.value.problems
    assert "must not overlap" in problem
    assert "adopted new -> MTR-1 (--prune removes it)" in problem
    assert set(load_register(records).bindings) == before
    assert run(records, with_more(folder, rival), PRUNE) == set()
    assert NEW not in load_register(records).bindings


def test_a_register_saved_whole_keeps_nothing(records: Engine, folder: Register) -> None:
    save_register(records, folder, "demo", AT)
    assert set(load_register(records).bindings) == set(folder.bindings)
    assert load_register(records).adopted == ()


def test_a_folder_of_before_does_not_undo_the_replacement_of_a_meter(
    records: Engine, tmp_path: Path
) -> None:
    found = read_csv_folder(write_example(tmp_path / "csv"))
    run(records, found)
    swap = Swap(datetime(2023, 6, 1, tzinfo=UTC), "other", 5000.0, 3.0, multiplier=60.0)
    save_replacement(records, MemorySeriesStore(), "MTR-1", swap, "officer", AT)
    swapped = load_register(records)
    done = imported(records, found)
    assert done.change.kinds == {}
    assert {b.device for b in done.kept} == {"dev-9", "other"}
    assert load_register(records).bindings == swapped.bindings


def test_the_ledger_says_from_which_day_the_changes_hold(records: Engine, tmp_path: Path) -> None:
    found = read_csv_folder(write_example(tmp_path / "csv"))
    run(records, found)
    building = replace(found.buildings["BLD-1"], gross_area_m2=9000.0)
    later = with_records(found, buildings=[building, found.buildings["BLD-2"]])
    imported(records, later, Options(changed_from=date(2023, 3, 1)))
    *_, entry = Ledger(records).entries()
    assert json.loads(entry.detail)["from"] == "2023-03-01"
