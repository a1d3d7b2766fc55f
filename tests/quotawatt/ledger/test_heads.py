"""Signed heads kept elsewhere: a cut tail and a chain made anew both show against them."""

import json
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update

from quotawatt.errors import InputError, SettingError, StoreError
from quotawatt.findings import Finding
from quotawatt.ledger import GENESIS, Ledger
from quotawatt.ledger.heads import (
    SignedHead,
    check_heads,
    missing_days,
    parse_head,
    read_heads,
    sign_head,
    write_head,
)
from quotawatt.ledger.keys import SigningKey, signing_key, verifying_key
from quotawatt.ledger.outside import place_head
from quotawatt.settings import Settings
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import ledger, ledger_head

AT = datetime(2024, 1, 1, 20, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return signing_key(tmp_path)


def _append(records: Engine, count: int, actor: str = "li") -> None:
    for n in range(count):
        with records.begin() as conn:
            Ledger(records).append(
                conn, at=AT, actor=actor, action="changed", subject="BLD-1", detail={"n": n}
            )


def _check(records: Engine, folder: Path, key: SigningKey) -> list[Finding]:
    hashes = {entry.seq: entry.hash for entry in Ledger(records).entries(1000)}
    return check_heads(read_heads(folder), [key.public], {0: GENESIS, **hashes}.get)


def _days(records: Engine, folder: Path, key: SigningKey, days: int) -> None:
    """Each day two entries and a head."""
    for day in range(days):
        _append(records, 2)
        write_head(sign_head(Ledger(records).head(), AT + timedelta(days=day), key), folder)


def test_heads_of_an_honest_ledger_agree_with_it(
    records: Engine, tmp_path: Path, key: SigningKey
) -> None:
    _days(records, tmp_path, key, 3)
    _append(records, 1)
    assert _check(records, tmp_path, key) == []


def test_a_cut_tail_shows_though_the_head_row_was_made_to_fit(
    records: Engine, tmp_path: Path, key: SigningKey
) -> None:
    _days(records, tmp_path, key, 3)
    third = Ledger(records).entries(1, after=2)[0]
    with records.begin() as conn:
        conn.execute(delete(ledger).where(ledger.c.seq > 3))
        conn.execute(update(ledger_head).values(seq=3, hash=third.hash))
    assert Ledger(records).verify() == []
    (finding,) = _check(records, tmp_path, key)
    assert (finding.code, finding.subject) == ("ledger_cut_since", "ledger/3")
    assert finding.detail["until"] == 4


def test_a_chain_made_anew_shows_between_the_last_good_head_and_the_first_bad_one(
    records: Engine, tmp_path: Path, key: SigningKey
) -> None:
    _days(records, tmp_path, key, 3)
    second = Ledger(records).entries(1, after=1)[0]
    with records.begin() as conn:
        conn.execute(delete(ledger).where(ledger.c.seq > 2))
        conn.execute(update(ledger_head).values(seq=2, hash=second.hash))
    _append(records, 4, actor="somebody else")
    assert Ledger(records).verify() == []
    (finding,) = _check(records, tmp_path, key)
    assert (finding.code, finding.subject) == ("ledger_rewritten", "ledger/3")
    assert (finding.detail["until"], finding.detail["head"]) == (4, "ledger-head-2024-01-02.json")


def test_a_forged_head_and_one_of_another_key_are_told_apart(
    records: Engine, tmp_path: Path, key: SigningKey
) -> None:
    _append(records, 2)
    folder = tmp_path / "outside"
    folder.mkdir()
    head = sign_head(Ledger(records).head(), AT, key)
    write_head(replace(head, count=1), folder)
    (tmp_path / "other").mkdir()
    other = signing_key(tmp_path / "other")
    write_head(sign_head(Ledger(records).head(), AT + timedelta(days=1), other), folder)
    (folder / "ledger-head-2024-01-09.json").write_text("[" * 100_000)
    codes = [finding.code for finding in _check(records, folder, key)]
    assert codes == ["ledger_head_forged", "ledger_head_key", "ledger_head_unreadable"]


@pytest.mark.parametrize("field", ["count", "hash", "at", "key"])
def test_every_field_is_signed(key: SigningKey, field: str) -> None:
    head = sign_head(Ledger(open_records("sqlite:///:memory:", Path())).head(), AT, key)
    said = json.loads(head.as_json())
    said[field] = {"count": 7, "at": "2024-01-03T00:00:00+00:00"}.get(field, "x")
    changed = parse_head(json.dumps(said).encode())
    assert not key.public.signed(changed.signed_text, changed.signature)


def test_days_without_a_head_are_said(key: SigningKey) -> None:
    link = Ledger(open_records("sqlite:///:memory:", Path())).head()
    heads = [sign_head(link, AT + timedelta(days=n), key) for n in (0, 3)]
    assert missing_days(heads, date(2024, 1, 6)) == [
        date(2024, 1, 2),
        date(2024, 1, 3),
        date(2024, 1, 5),
    ]
    assert missing_days([], date(2024, 1, 6)) == []


def test_each_place_gets_one_head_a_day_and_one_that_was_away_gets_it_later(
    records: Engine, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    settings = Settings(home=tmp_path, ledger_heads=(share,))
    _append(records, 1)
    with pytest.raises(StoreError, match=r"must take a file, got .*share"):
        place_head(records, settings, AT)
    own = tmp_path / "ledger-heads"
    assert [file.name for file in own.iterdir()] == ["ledger-head-2024-01-01.json"]
    share.mkdir()
    _append(records, 1)
    place_head(records, settings, AT + timedelta(hours=1))
    place_head(records, settings, AT + timedelta(hours=2))
    assert [head.count for _, head in read_heads(share) if isinstance(head, SignedHead)] == [2]
    assert [head.count for _, head in read_heads(own) if isinstance(head, SignedHead)] == [1]
    place_head(records, settings, AT + timedelta(days=1))
    assert len(list(own.iterdir())) == len(list(share.iterdir())) == 2
    assert _check(records, share, signing_key(tmp_path)) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must be readable, got .*nowhere"):
        list(read_heads(tmp_path / "nowhere"))


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first, second = signing_key(tmp_path), signing_key(tmp_path)
    assert first.public.name == second.public.name
    assert stat.S_IMODE((tmp_path / "ledger-key.pem").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["ledger-key.pem"]
    assert verifying_key(first.public.pem.encode()).name == first.public.name


@pytest.mark.parametrize("content", [b"", b"no key", b"\xff"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(content)
    with pytest.raises(SettingError, match="the ledger's key must be PEM"):
        signing_key(tmp_path, file)
    with pytest.raises(InputError, match="a public key must be PEM"):
        verifying_key(content)


def test_a_key_file_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="must be readable"):
        signing_key(tmp_path, tmp_path / "given.pem")
    assert list(tmp_path.iterdir()) == []
