"""A backup while everything is in use, put back into empty stores: whole and verified, or nothing."""

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import IO

import pyarrow as pa
import pytest
from sqlalchemy import Engine, func, insert, select

from analytics.jobs import Analyser
from quotawatt.errors import InputError, StateError, StoreError
from quotawatt.keeping.archive import unpack
from quotawatt.keeping.backup import Source, write_backup
from quotawatt.keeping.chunks import EVER, result_chunks
from quotawatt.keeping.restore import restore
from quotawatt.ledger import Ledger
from quotawatt.readings import Grain, Reading
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.register.rows import records_of
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.factory import open_series
from quotawatt.storage.facts import read_fact
from quotawatt.storage.intake import store_readings
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import dead_letters, state, touched
from tests.analytics.builders import register
from tests.conftest import InfluxDatabase
from tests.quotawatt.keeping.builders import IMPORT, START, at, everything

NOW = datetime(2023, 1, 5, tzinfo=UTC)


@dataclass
class Home:
    """A home folder with its stores open."""

    settings: Settings
    series: SeriesStore
    records: Engine

    def backup(self, file: Path, packing: str = "zst", now: datetime = NOW) -> dict:  # type: ignore[type-arg]
        source = Source(self.settings.home, self.series, self.records, "tester", lambda: now)
        with file.open("wb") as target:
            return write_backup(source, target, packing)

    def analyser(self) -> Analyser:
        source = RegisterSource(self.records, check_every_s=0)
        return Analyser(self.series, self.records, source, load_rulebook(), self.settings)

    def results(self) -> list[pa.Table]:
        return [pa.concat_tables(result_chunks(self.series, grain, EVER)) for grain in Grain]

    def rows(self, table) -> int:  # type: ignore[no-untyped-def]
        with self.records.connect() as conn:
            return int(conn.execute(select(func.count()).select_from(table)).scalar_one())

    def close(self) -> None:
        self.series.close()
        self.records.dispose()


Opened = Callable[[Settings], Home]


@pytest.fixture
def opened() -> Iterator[Opened]:
    homes: list[Home] = []

    def open_home(settings: Settings) -> Home:
        records = open_records(settings.records_url, settings.home)
        homes.append(Home(settings, open_series(settings), records))
        return homes[-1]

    yield open_home
    for home in homes:
        home.close()


def hourly(first: int, until: int, device: str = "dev") -> list[Reading]:
    return [Reading(device, "", IMPORT, at(k), 100.0 + 2 * k, at(k)) for k in range(first, until)]


def filled(home: Home) -> None:
    """Two days that are computed, a day that waits, a dead letter whose number is gone, and files."""
    save_register(home.records, register(), actor="test", at=at(0))
    store_readings(home.series, home.records, hourly(0, 49))
    home.analyser().run(at(48))
    store_readings(home.series, home.records, hourly(49, 73))
    letter = {
        "arrived": NOW,
        "topic": "t/水",
        "payload": b"\x00\xff",
        "reason": "x",
        "message": "m",
    }
    with home.records.begin() as conn:
        conn.execute(insert(dead_letters), [letter, letter])
        conn.execute(dead_letters.delete().where(dead_letters.c.id == 2))
    home.settings.home.mkdir(exist_ok=True)
    secret = home.settings.home / "ledger-key.pem"
    secret.write_text("secret")
    secret.chmod(0o600)
    (home.settings.home / "heads").mkdir()
    (home.settings.home / "heads" / "2023-01-04.json").write_text("{}")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder that is filled; to be copied."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), timezone="UTC")
    records = open_records(settings.records_url, settings.home)
    found = Home(settings, open_series(settings), records)
    filled(found)
    found.close()
    return settings.home


@pytest.fixture
def home(tmp_path: Path, ready: Path, opened: Opened) -> Home:
    copytree(ready, tmp_path / "home")
    return opened(Settings(home=tmp_path / "home", timezone="UTC"))


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Empty stores: embedded, or the real servers."""
    found = Settings(home=tmp_path / "new", timezone="UTC")
    if request.param == "sqlite":
        return found
    influx: InfluxDatabase = request.getfixturevalue("influxdb")
    address = {"series_url": f"influx+{influx.url}", "influx_bucket": influx.name}
    return found.model_copy(update={**address, "records_url": request.getfixturevalue("postgres")})


@pytest.mark.parametrize("packing", ["zst", "gz"])
def test_everything_comes_back(
    home: Home, elsewhere: Settings, opened: Opened, tmp_path: Path, packing: str
) -> None:
    file = tmp_path / f"backup.tar.{packing}"
    manifest = home.backup(file, packing)
    assert manifest["series"]["readings"] == 73
    before = home.results()
    report = restore(file, elsewhere, "tester", NOW)
    assert report.manifest["ledger"] == manifest["ledger"]
    back = opened(elsewhere)
    assert everything(back.series).equals(everything(home.series))
    for mine, theirs in zip(back.results(), before, strict=True):
        assert mine.equals(theirs)
    assert Ledger(back.records).verify() == []
    assert [e.action for e in Ledger(back.records).entries()][-1] == "backup_restored"
    assert back.rows(touched) == home.rows(touched) == report.marks > 0
    registers = [RegisterSource(records)() for records in (back.records, home.records)]
    assert records_of(registers[0]) == records_of(registers[1])
    key = elsewhere.home / "ledger-key.pem"
    assert (key.read_text(), key.stat().st_mode & 0o777) == ("secret", 0o600)
    assert (elsewhere.home / "heads" / "2023-01-04.json").exists()
    with back.records.begin() as conn:
        row = conn.execute(select(dead_letters)).one()
        assert (row.payload, row.topic, row.arrived) == (b"\x00\xff", "t/水", NOW)
        letter = {"arrived": NOW, "topic": "", "payload": b"", "reason": "x", "message": ""}
        conn.execute(insert(dead_letters), letter)
        # The number of the one that is gone is not given again.
        assert conn.execute(select(func.max(dead_letters.c.id))).scalar() == 3


def test_a_served_system_comes_back_as_an_embedded_one(
    influxdb: InfluxDatabase, postgres: str, opened: Opened, tmp_path: Path
) -> None:
    address = {"series_url": f"influx+{influxdb.url}", "influx_bucket": influxdb.name}
    served = opened(
        Settings(home=tmp_path / "home", timezone="UTC", records_url=postgres, **address)
    )
    filled(served)
    served.backup(tmp_path / "backup.tar.zst")
    restore(tmp_path / "backup.tar.zst", Settings(home=tmp_path / "new"), "tester", NOW)
    back = opened(Settings(home=tmp_path / "new", timezone="UTC"))
    assert everything(back.series).equals(everything(served.series))
    with back.records.connect() as one, served.records.connect() as other:
        facts = select(state.c.name, state.c.value).order_by(state.c.name)
        assert one.execute(facts).all() == other.execute(facts).all()


def test_nothing_acknowledged_before_is_missing_and_results_follow(
    home: Home, opened: Opened, tmp_path: Path
) -> None:
    """Readings come and results are computed all the while a backup is made."""
    stop, done = threading.Event(), [73]

    def ingest() -> None:
        while not stop.is_set():
            k = done[0]
            found = [
                Reading("dev", "", IMPORT, at(k), 100.0 + 2 * k, NOW + timedelta(seconds=k)),
                # A late one, too.
                Reading("dev", "", IMPORT, at(k % 60 + 0.5), 101.0 + 2 * (k % 60), NOW),
            ]
            store_readings(home.series, home.records, found)
            done[0] = k + 1

    def compute() -> None:
        analyser = home.analyser()
        while not stop.is_set():
            analyser.run(at(done[0]))

    threads = [threading.Thread(target=work) for work in (ingest, compute)]
    for thread in threads:
        thread.start()
    try:
        while done[0] < 80 and all(t.is_alive() for t in threads):
            stop.wait(0.01)
        acknowledged = done[0]
        home.backup(tmp_path / "backup.tar.zst")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    restore(tmp_path / "backup.tar.zst", Settings(home=tmp_path / "new"), "tester", NOW)
    back = opened(Settings(home=tmp_path / "new", timezone="UTC"))
    held = set(everything(back.series)["time"].to_pylist())
    assert {at(k) for k in range(acknowledged)} <= held
    back.analyser().run(at(200))
    computed = use(back)
    back.analyser().recompute(Span(START, at(200)), at(200))
    assert use(back) == pytest.approx(computed, rel=1e-9)


def test_where_much_arrived_before_it_is_computed_from_then_on(
    home: Home, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a large import: more hours than are marked one by one."""
    monkeypatch.setattr("quotawatt.keeping.doubt.MARKS_LIMIT", 10)
    monkeypatch.setattr("quotawatt.keeping.restore._ROWS", 20)
    recent = [replace(r, arrived=NOW) for r in hourly(100, 173)]
    store_readings(home.series, home.records, recent)
    home.analyser().run(at(173))
    home.backup(tmp_path / "backup.tar.zst")
    report = restore(tmp_path / "backup.tar.zst", Settings(home=tmp_path / "new"), "tester", NOW)
    assert report.marks == 0
    back = opened(Settings(home=tmp_path / "new", timezone="UTC"))
    with back.records.connect() as conn:
        assert [r["from"] for r in read_fact(conn, "recompute", [])] == [at(72).isoformat()]


def use(home: Home) -> dict[tuple[str, str, datetime], float]:
    rows = [row for table in home.results() for row in table.to_pylist()]
    return {
        (r["subject"], r["measure"], r["start"]): r["value"] for r in rows if r["measure"] == IMPORT
    }


def test_what_changes_figures_meanwhile_has_all_of_them_computed(
    home: Home, opened: Opened, tmp_path: Path
) -> None:
    changed = register(multiplied())

    def interfere(what: str, rows: int) -> None:
        if what == "readings":
            save_register(home.records, changed, actor="test", at=NOW)
            home.analyser().run(at(73))

    source = Source(home.settings.home, home.series, home.records, "t", lambda: NOW, interfere)
    with (tmp_path / "backup.tar.zst").open("wb") as target:
        assert write_backup(source, target, "zst")["compute_anew"]
    restore(tmp_path / "backup.tar.zst", Settings(home=tmp_path / "new"), "tester", NOW)
    back = opened(Settings(home=tmp_path / "new", timezone="UTC"))
    back.analyser().run(at(73))
    assert use(back)["MTR-1", IMPORT, at(5)] == pytest.approx(2.0)


def multiplied():  # type: ignore[no-untyped-def]
    from tests.analytics.builders import binding

    return binding(multiplier=3.0)


def test_a_cut_or_altered_file_leaves_nothing_behind(home: Home, tmp_path: Path) -> None:
    whole = tmp_path / "backup.tar.gz"
    home.backup(whole, "gz")
    content = whole.read_bytes()
    new = Settings(home=tmp_path / "new")
    for number, (wrong, message) in enumerate(
        [
            (content[: len(content) // 2], "a backup must be whole"),
            (b"nothing of the kind", "a backup must be whole"),
            (content[:100] + b"\x00" + content[101:], "a backup must"),
            (rewritten(whole, "records/ledger.jsonl"), "files of a backup must be those of its"),
            (rewritten(whole, "", extra="../../evil"), "must lie within it"),
            (rewritten(whole, "", extra="home/more"), "files of a backup must be those of its"),
            (rewritten(whole, "", drop="manifest.json"), "must end with its manifest"),
        ]
    ):
        file = tmp_path / f"wrong-{number}.tar.gz"
        file.write_bytes(wrong)
        with pytest.raises(InputError, match=message):
            restore(file, new, "tester", NOW)
        assert not new.home.exists()
    assert not list(tmp_path.glob(".new*"))
    assert not (tmp_path.parent / "evil").exists()


def rewritten(file: Path, altered: str, extra: str = "", drop: str = "") -> bytes:
    """The archive with a member altered, added or dropped; its manifest as it was."""
    body = io.BytesIO()
    with tarfile.open(file) as given, tarfile.open(fileobj=body, mode="w:gz") as made:
        if extra:
            made.addfile(tarfile.TarInfo(extra))
        for member in given:
            content = given.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == altered:
                content = content.replace(b"register_saved", b"register_sbved")
            if member.name != drop:
                made.addfile(member, io.BytesIO(content))
    return body.getvalue()


def test_an_altered_ledger_shows_even_with_its_manifest_altered_alike(
    home: Home, tmp_path: Path, opened: Opened
) -> None:
    whole = tmp_path / "backup.tar.gz"
    home.backup(whole, "gz")
    folder = tmp_path / "unpacked"
    manifest = unpack(whole, folder, "gz")
    path = folder / "records" / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b"register_saved", b"register_sbved"))
    import hashlib

    said = manifest["files"]["records/ledger.jsonl"]
    said["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    forged = tmp_path / "forged.tar.gz"
    with tarfile.open(forged, "w:gz") as made:
        for name in (*manifest["files"], "manifest.json"):
            member = made.gettarinfo(folder / name, name)
            member.mode = manifest["files"].get(name, {}).get("mode", 0o600)
            with (folder / name).open("rb") as content:
                made.addfile(member, content)
    with pytest.raises(InputError, match="the ledger of a backup must hold"):
        restore(forged, Settings(home=tmp_path / "new"), "tester", NOW)
    assert not (tmp_path / "new").exists()


def test_only_what_is_empty_is_restored_into(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.zst"
    home.backup(file)
    with pytest.raises(StateError, match="a backup must be restored into an empty folder"):
        restore(file, home.settings, "tester", NOW)


def test_served_stores_that_hold_something_stay_as_they_are(
    home: Home, influxdb: InfluxDatabase, postgres: str, opened: Opened, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.zst"
    home.backup(file)
    address = {"series_url": f"influx+{influxdb.url}", "influx_bucket": influxdb.name}
    there = Settings(home=tmp_path / "new", timezone="UTC", records_url=postgres, **address)
    held = opened(there.model_copy(update={"home": tmp_path / "other"}))
    held.series.write_readings(everything(home.series).slice(0, 3))
    with pytest.raises(StateError, match="empty stores, got 0 ledger entries and 1 series"):
        restore(file, there, "tester", NOW)
    assert len(everything(held.series)) == 3
    assert not (tmp_path / "new").exists()


def test_one_backup_at_a_time(home: Home, tmp_path: Path) -> None:
    def another(what: str, rows: int) -> None:
        with pytest.raises(StateError, match="one backup of a home folder is made at a time"):
            home.backup(tmp_path / "second.tar.zst")
        tried.append(what)

    tried: list[str] = []
    source = Source(home.settings.home, home.series, home.records, "t", lambda: NOW, another)
    with (tmp_path / "backup.tar.zst").open("wb") as target:
        write_backup(source, target, "zst")
    assert tried


def test_a_full_disk_is_told(home: Home) -> None:
    source = Source(home.settings.home, home.series, home.records, "t", lambda: NOW)
    with Path("/dev/full").open("wb", buffering=0) as target, pytest.raises(StoreError):
        write_backup(source, target, "zst")
    assert not list(home.settings.home.glob(".backup-*"))


def test_a_full_disk_is_told_at_the_restore(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.tar.zst"
    home.backup(file)
    real = Path.open

    def full(path: Path, mode: str) -> IO[bytes]:
        return real(Path("/dev/full"), "wb", buffering=0) if mode == "xb" else real(path, mode)  # type: ignore[return-value]

    monkeypatch.setattr(Path, "open", full)
    monkeypatch.setattr(Path, "chmod", lambda path, mode: None)
    with pytest.raises(StoreError, match="with room for what is in it"):
        unpack(file, tmp_path / "unpacked", "zst")


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from quotawatt.keeping.backup import Source, write_backup
from quotawatt.settings import Settings
from quotawatt.storage.factory import open_series
from quotawatt.storage.records import open_records

settings = Settings(home=Path(sys.argv[1]), timezone="UTC")
def die(what, rows):
    if what == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
source = Source(settings.home, open_series(settings), open_records("sqlite", settings.home), "t",
                lambda: datetime.now(UTC), die)
with Path(sys.argv[2]).open("wb") as target:
    write_backup(source, target, "zst")
"""


@pytest.mark.parametrize("moment", ["results", "readings"])
def test_a_backup_that_is_killed_does_no_harm(
    home: Home, opened: Opened, tmp_path: Path, moment: str
) -> None:
    before = everything(home.series)
    home.close()
    file = tmp_path / "backup.tar.zst"
    script = [sys.executable, "-c", KILLED, str(home.settings.home), str(file), moment]
    ended = subprocess.run(script, env={**os.environ, "PYTHONPATH": os.getcwd()}, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert list(home.settings.home.glob(".backup-*"))
    again = opened(home.settings)
    assert everything(again.series).equals(before)
    with pytest.raises(InputError, match="a backup must be whole"):
        restore(file, Settings(home=tmp_path / "new"), "tester", NOW)
    again.backup(file)
    assert not list(home.settings.home.glob(".backup-*"))
    restore(file, Settings(home=tmp_path / "new"), "tester", NOW)
