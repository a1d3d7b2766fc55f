"""An import keeps what was adopted since its folder was written, and says so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from quotawatt.errors import RegisterError
from quotawatt.ledger import Ledger
from quotawatt.register.csvfolder import read_csv_folder, write_csv_folder
from quotawatt.register.editing import with_adopted, with_bindings
from quotawatt.register.imports import import_register
from quotawatt.register.model import Binding, Register
from quotawatt.register.repository import change_register, load_register, save_register
from quotawatt.storage.records import open_records
from tests.quotawatt.register.example import write_example

AT = datetime(2023, 7, 1, tzinfo=UTC)
NEW = Binding("new", "MTR-1", datetime(2023, 6, 1, tzinfo=UTC), multiplier=40.0)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = "sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres")
    opened = open_records(url, tmp_path)
    yield opened
    opened.dispose()


@pytest.fixture
def folder(engine: Engine, tmp_path: Path) -> Register:
    """The example as it is imported; the device ``new`` took the place of ``dev-9`` afterwards."""
    found = read_csv_folder(write_example(tmp_path / "csv"))
    import_register(engine, found, "cli", AT)
    adopted = [ended(found), NEW]
    change_register(engine, lambda stored: with_adopted(stored, adopted), "officer", AT)
    return found


def ended(register: Register) -> Binding:
    (old,) = (b for b in register.bindings if b.device == "dev-9")
    return replace(old, valid_until=NEW.valid_from)


def with_more(found: Register, *more: Binding) -> Register:
    keys = {b.device for b in more}
    return with_bindings(found, [*(b for b in found.bindings if b.device not in keys), *more], ())


def run(engine: Engine, found: Register, prune: bool = False) -> set[Binding]:
    """The bindings that were kept."""
    return set(import_register(engine, found, "cli", AT, prune).kept)


def test_what_was_adopted_is_kept_by_every_import_of_the_old_folder(
    engine: Engine, folder: Register
) -> None:
    for _ in range(2):
        done = import_register(engine, folder, "cli", AT)
        assert (set(done.kept), done.change.kinds) == ({NEW, ended(folder)}, {})
        assert {NEW, ended(folder)} <= set(load_register(engine).bindings)


def test_pruning_takes_the_folder_as_it_is_and_names_what_went(
    engine: Engine, folder: Register
) -> None:
    done = import_register(engine, folder, "cli", AT, prune=True)
    assert done.kept == ()
    assert done.change.kinds["bindings"].removed == (NEW,)
    assert set(load_register(engine).bindings) == set(folder.bindings)
    assert load_register(engine).adopted == ()
    assert Ledger(engine).verify() == []


def test_once_exported_and_imported_it_is_the_folders(
    engine: Engine, folder: Register, tmp_path: Path
) -> None:
    write_csv_folder(load_register(engine), tmp_path / "out")
    assert run(engine, read_csv_folder(tmp_path / "out")) == set()
    assert load_register(engine).adopted == ()
    # From now on its absence is meant.
    assert run(engine, folder) == set()
    assert set(load_register(engine).bindings) == set(folder.bindings)


def test_a_row_of_the_folder_goes_before_what_was_adopted(engine: Engine, folder: Register) -> None:
    mended = replace(NEW, multiplier=80.0)
    assert run(engine, with_more(folder, mended)) == {ended(folder)}
    assert mended in load_register(engine).bindings


def test_the_end_is_kept_of_a_row_that_was_mended(engine: Engine, folder: Register) -> None:
    old = replace(ended(folder), multiplier=60.0, valid_until=None)
    kept = replace(old, valid_until=NEW.valid_from)
    assert run(engine, with_more(folder, old)) == {NEW, kept}
    assert kept in load_register(engine).bindings


def test_an_end_that_the_folder_gives_goes_before_that_of_the_adoption(
    engine: Engine, folder: Register
) -> None:
    theirs = replace(ended(folder), valid_until=AT)
    assert run(engine, with_more(folder, theirs)) == {NEW}
    assert theirs in load_register(engine).bindings


def test_what_cannot_be_kept_stops_the_import(engine: Engine, folder: Register) -> None:
    before = set(load_register(engine).bindings)
    rival = replace(NEW, valid_from=datetime(2023, 6, 2, tzinfo=UTC))
    with pytest.raises(RegisterError) as caught:
        run(engine, with_more(folder, rival))
    (problem,) = caught.value.problems
    assert "must not overlap" in problem
    assert "adopted new -> MTR-1 (--prune removes it)" in problem
    assert set(load_register(engine).bindings) == before
    assert run(engine, with_more(folder, rival), prune=True) == set()
    assert NEW not in load_register(engine).bindings


def test_a_register_saved_whole_keeps_nothing(engine: Engine, folder: Register) -> None:
    save_register(engine, folder, "demo", AT)
    assert set(load_register(engine).bindings) == set(folder.bindings)
    assert load_register(engine).adopted == ()
