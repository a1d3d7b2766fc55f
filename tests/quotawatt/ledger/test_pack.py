"""Evidence packs: what they hold, and that whatever is done to one shows."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from quotawatt.errors import InputError
from quotawatt.ledger import Ledger
from quotawatt.ledger.heads import sign_head, write_head
from quotawatt.ledger.keys import SigningKey, signing_key
from quotawatt.ledger.pack import PackOrder, write_pack
from quotawatt.ledger.pack_check import PackReport, check_pack
from quotawatt.ledger.pack_readings import Evidence, code_in
from quotawatt.ledger.selection import Selection
from quotawatt.readings import RESULTS, Grain, Reading, readings_table
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.storage.ledger_tables import ledger_attachments
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records

AT = datetime(2024, 1, 1, 20, tzinfo=UTC)
REGISTER = Register(
    organisations=[Organisation("ORG-1", "机关", "Office", "party_government", "city")],
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-1", "楼", "Building", "SITE-1", "ORG-1", 1000.0)],
    meters=[Meter("MTR-1", "总表", "Main", "BLD-1", "electricity")],
    bindings=[Binding("dev-1", "MTR-1", AT - timedelta(days=30))],
)


def _fill(records: Engine) -> None:
    for n in range(12):
        with records.begin() as conn:
            Ledger(records).append(
                conn,
                at=AT + timedelta(hours=n),
                actor="li" if n % 2 else "wu",
                action="changed",
                subject=f"silent:MTR-{n % 3}",
                detail={"n": n},
                after=["记录" * 20] * 400 if n == 4 else None,
            )


def _series() -> MemorySeriesStore:
    store = MemorySeriesStore()
    times = [AT + timedelta(minutes=15 * n) for n in range(48)]
    store.write_readings(
        readings_table([Reading("dev-1", "", "electricity_import_kwh", t, 5.0, t) for t in times])
    )
    by_hand = [Reading("asset:MTR-1", "", "electricity_import_kwh", times[9], 77.0, times[9])]
    store.write_readings(readings_table(by_hand))
    rows = [
        {
            "subject": "MTR-1",
            "measure": "electricity_import_kwh",
            "start": AT + timedelta(hours=n),
            "value": 2.5,
            "quality": "measured",
            "coverage": 1.0,
            "revision": 0,
            "withdrawn": False,
        }
        for n in range(12)
    ]
    store.write_results(Grain.HOUR, pa.Table.from_pylist(rows, schema=RESULTS))
    return store


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return signing_key(tmp_path)


def _pack(records: Engine, folder: Path, key: SigningKey, wanted: Selection) -> Path:
    file = folder / "pack.zip"
    with file.open("wb") as target:
        order = PackOrder(wanted, AT, key, [folder / "heads"])
        write_pack(target, Ledger(records), order, Evidence(_series(), REGISTER))
    return file


def _checked(file: Path, key: SigningKey) -> PackReport:
    return check_pack(file, [key.public])


def test_a_pack_of_a_subject_proves_its_entries_and_hides_the_others(
    records: Engine, tmp_path: Path, key: SigningKey
) -> None:
    _fill(records)
    (tmp_path / "heads").mkdir()
    old = sign_head(Ledger(records).entries(1, after=8)[0].link, AT - timedelta(days=1), key)
    write_head(old, tmp_path / "heads")
    file = _pack(records, tmp_path, key, Selection(subject="MTR-1"))
    report = _checked(file, key)
    assert report.findings == ()
    assert (report.manifest["entries"], report.manifest["start"]["seq"]) == (4, 1)
    assert (report.heads, report.oldest_head) == (2, AT - timedelta(days=1))
    with zipfile.ZipFile(file) as archive:
        shown = archive.read("entries.jsonl").decode().splitlines()
        chain = archive.read("chain.jsonl").decode()
        results = archive.read("readings/results-hour.csv").decode().splitlines()
        readings = archive.read("readings/readings.csv").decode().splitlines()
    assert [json.loads(line)["seq"] for line in shown] == [2, 5, 8, 11]
    assert "actor" not in chain
    assert '"subject","measure","start"' in results[0]
    # From the first entry about the meter to the last, nine hours.
    assert (len(results), len(readings)) == (1 + 9, 1 + 1 + 36)
    assert readings[1].startswith('"asset:MTR-1","","electricity_import_kwh"')


def test_attachments_of_shown_entries_are_in_the_pack(
    records: Engine, tmp_path: Path, key: SigningKey
) -> None:
    _fill(records)
    file = _pack(records, tmp_path, key, Selection(actor="wu"))
    report = _checked(file, key)
    assert report.findings == ()
    names = [n for n in report.manifest["files"] if n.startswith("attachments/")]
    assert len(names) == 1
    assert report.manifest["heads_unreadable"] == [
        f"a folder of signed heads must be readable, got {tmp_path / 'heads'} (no folder)"
    ]


def test_a_pack_of_a_ledger_that_lost_an_attachment_is_refused(
    records: Engine, tmp_path: Path, key: SigningKey
) -> None:
    _fill(records)
    with records.begin() as conn:
        conn.execute(delete(ledger_attachments))
    with pytest.raises(InputError, match="an attachment must be there"):
        _pack(records, tmp_path, key, Selection())


def test_a_pack_without_entries_holds(records: Engine, tmp_path: Path, key: SigningKey) -> None:
    _fill(records)
    report = _checked(_pack(records, tmp_path, key, Selection(actor="nobody")), key)
    assert (report.findings, report.manifest["entries"]) == ((), 0)


def test_without_a_key_the_packs_own_is_used_and_said(
    records: Engine, tmp_path: Path, key: SigningKey
) -> None:
    _fill(records)
    file = _pack(records, tmp_path, key, Selection())
    report = check_pack(file)
    assert (report.findings, report.own_key) == ((), True)
    (tmp_path / "other").mkdir()
    codes = {f.code for f in _checked(file, signing_key(tmp_path / "other")).findings}
    assert codes == {"pack_signature", "ledger_head_key"}


def _rewrite(file: Path, name: str, change: Callable[[bytes], bytes | None]) -> Path:
    """The pack with one of its files changed, or without it."""
    target = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            raw: bytes | None = old.read(info)
            if info.filename == name:
                raw = change(old.read(info))
            if raw is not None:
                new.writestr(info, raw)
    return target


def _forged(file: Path, key: SigningKey, entries: Callable[[str], str]) -> Path:
    """A pack whose entries were changed by whoever holds the key: manifest and signature fit again."""
    changed = _rewrite(file, "entries.jsonl", lambda raw: entries(raw.decode()).encode())
    with zipfile.ZipFile(changed) as archive:
        raw = archive.read("entries.jsonl")
        manifest = json.loads(archive.read("manifest.json"))
    manifest["files"]["entries.jsonl"]["sha256"] = hashlib.sha256(raw).hexdigest()
    text = json.dumps(manifest)
    again = _rewrite(
        changed.replace(file.with_name("a.zip")), "manifest.json", lambda _: text.encode()
    )
    return _rewrite(
        again.replace(file.with_name("b.zip")), "manifest.sig", lambda _: key.sign(text).encode()
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"actor":"wu"', '"actor":"xu"', 1),
        lambda text: text.replace("2024-01-01T21", "2024-01-01T22", 1),
        lambda text: "\n".join(reversed(text.splitlines())) + "\n",
        lambda text: text + text.splitlines()[-1] + "\n",
    ],
)
def test_not_even_who_holds_the_key_can_change_an_entry_of_a_pack(
    records: Engine, tmp_path: Path, key: SigningKey, change: Callable[[str], str]
) -> None:
    _fill(records)
    file = _pack(records, tmp_path, key, Selection())
    codes = {f.code for f in _checked(_forged(file, key, change), key).findings}
    assert codes == {"pack_chain"}


def test_every_file_is_missed(records: Engine, tmp_path: Path, key: SigningKey) -> None:
    _fill(records)
    file = _pack(records, tmp_path, key, Selection())
    for name in zipfile.ZipFile(file).namelist():
        assert _checked(_rewrite(file, name, lambda raw: None), key).findings, name


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SigningKey]:
    folder = tmp_path_factory.mktemp("pack")
    records = open_records("sqlite", folder)
    _fill(records)
    key = signing_key(folder)
    return _pack(records, folder, key, Selection()), key


@settings(max_examples=60)
@given(name=st.integers(0, 50), at=st.integers(0, 1 << 20), byte=st.integers(0, 255))
def test_no_byte_of_any_file_changes_unseen(
    whole: tuple[Path, SigningKey], name: int, at: int, byte: int
) -> None:
    file, key = whole
    with zipfile.ZipFile(file) as archive:
        member = archive.namelist()[name % len(archive.namelist())]
        raw = bytearray(archive.read(member))
    before = bytes(raw)
    raw[at % len(raw)] = byte
    report = _checked(_rewrite(file, member, lambda _: bytes(raw)), key)
    assert bool(report.findings) == (bytes(raw) != before)


@settings(max_examples=60)
@given(cut=st.integers(0, 1 << 20), at=st.integers(0, 1 << 20), byte=st.integers(0, 255))
def test_a_damaged_zip_never_crashes_the_check(
    whole: tuple[Path, SigningKey], cut: int, at: int, byte: int
) -> None:
    file, key = whole
    raw = bytearray(file.read_bytes())
    raw[at % len(raw)] = byte
    damaged = file.with_name("damaged.zip")
    damaged.write_bytes(raw[: cut % len(raw)] if cut % 3 else raw)
    codes = {finding.code for finding in check_pack(damaged, [key.public]).findings}
    # Some bytes of a ZIP file (dates, attributes) say nothing of what is in it.
    assert codes <= {"pack_unreadable", "pack_file"}


@pytest.mark.parametrize("raw", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_pack_is_said(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(raw)
    assert [f.code for f in check_pack(file).findings] == ["pack_unreadable"]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * (80 * 1024**2))
    (finding,) = check_pack(file).findings
    assert "must have at most" in str(finding.detail["reason"])


@pytest.mark.parametrize("subject", ["BLD-1", "rule:BLD-1", "rule:BLD-1/q/2023", "BLD-1/q"])
def test_the_code_is_found_in_a_subject(subject: str) -> None:
    assert code_in(subject) == "BLD-1"
