"""The chain holds under concurrency, and every kind of tampering shows."""

import hashlib
import json
import threading
import zlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, update

from quotawatt.errors import InputError
from quotawatt.ledger import GENESIS, Deed, Ledger, LedgerEntry, wording
from quotawatt.ledger.entry import START
from quotawatt.ledger.selection import Selection
from quotawatt.storage.ledger_tables import ledger_attachments, ledger_mentions
from quotawatt.storage.tables import ledger as table
from quotawatt.storage.tables import ledger_head

AT = datetime(2023, 3, 1, 8, 30, 0, 123456, UTC)


def _append(records: Engine, count: int = 1, actor: str = "张工") -> None:
    for n in range(count):
        with records.begin() as conn:
            Ledger(records).append(
                conn,
                at=AT + timedelta(minutes=n),
                actor=actor,
                action="acknowledged",
                subject="BLD-1",
                detail={"评论": "已查看", "n": n},
            )


def test_an_empty_ledger_holds(records: Engine) -> None:
    assert Ledger(records).verify() == []
    assert Ledger(records).head() == (0, GENESIS)


def test_entries_chain_and_read_back(records: Engine) -> None:
    _append(records, 5)
    found = Ledger(records).entries(limit=2, after=2)
    assert [e.seq for e in found] == [3, 4]
    assert found[1].previous == found[0].hash
    assert found[0].at == AT + timedelta(minutes=2)
    assert found[0].detail == '{"n":2,"评论":"已查看"}'
    assert Ledger(records).verify() == []
    assert Ledger(records).head()[0] == 5


def test_many_are_chained_as_one_after_the_other(records: Engine) -> None:
    deeds = [
        Deed(AT + timedelta(minutes=n), "张工", "tried", "BLD-1", {"n": n}, mentions=[f"MTR-{n}"])
        for n in range(3)
    ]
    ledger = Ledger(records)
    _append(records)
    with records.begin() as conn:
        assert ledger.append_many(conn, []) == []
        found = ledger.append_many(conn, deeds)
    assert [entry.seq for entry in found] == [2, 3, 4]
    assert ledger.entries(after=1) == found
    assert ledger.find(Selection(subject="MTR-2")) == [found[2]]
    assert (ledger.verify(), ledger.head()) == ([], found[2].link)


def test_of_many_of_which_one_cannot_be_kept_none_is(records: Engine) -> None:
    deeds = [Deed(AT, "a", "tried", "s", detail) for detail in ({"n": 1}, {"n": float("nan")})]
    with pytest.raises(InputError, match="plain JSON"), records.begin() as conn:
        Ledger(records).append_many(conn, deeds)
    assert Ledger(records).head() == (0, GENESIS)


def test_the_hash_is_what_the_docstring_says(records: Engine) -> None:
    # A stranger must be able to verify the chain with what is written down, without this code.
    content = (
        '{"action":"fired","actor":"a","at":"2023-03-01T08:30:00.123456+00:00","detail":"{}",'
        '"seq":1,"subject":"s"}'
    )
    linked = f'{{"content":"{_sha256(content)}","previous":"{GENESIS}","seq":1}}'
    with records.begin() as conn:
        entry = Ledger(records).append(
            conn, at=AT, actor="a", action="fired", subject="s", detail={}
        )
    assert entry.hash == _sha256(linked)


def test_a_ledger_begun_before_contents_were_hashed_by_themselves_holds_and_goes_on(
    records: Engine,
) -> None:
    whole = (
        '{"action":"fired","actor":"a","at":"2023-03-01T08:30:00.123456+00:00","detail":"{}",'
        '"previous":"' + "0" * 64 + '","seq":1,"subject":"s"}'
    )
    row = {"seq": 1, "at": AT, "actor": "a", "action": "fired", "subject": "s", "detail": "{}"}
    with records.begin() as conn:
        conn.execute(insert(table), {**row, "previous": "0" * 64, "hash": _sha256(whole)})
        conn.execute(insert(ledger_head), {"id": 1, "seq": 1, "hash": _sha256(whole)})
    _append(records, 2)
    first, second, _ = Ledger(records).entries()
    assert first.is_old_form()
    assert not second.is_old_form()
    assert Ledger(records).verify() == []


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_an_entry_falls_with_its_transaction(records: Engine) -> None:
    _append(records)
    with records.connect() as conn:
        Ledger(records).append(conn, at=AT, actor="a", action="b", subject="c", detail={})
        conn.rollback()
    assert Ledger(records).head()[0] == 1
    assert Ledger(records).verify() == []


def test_two_appenders_never_fork_the_chain(records: Engine) -> None:
    # The very first append races too: there is no head row yet.
    threads = [threading.Thread(target=_append, args=(records, 25, f"t{n}")) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = Ledger(records).entries(limit=100)
    assert [e.seq for e in entries] == list(range(1, 51))
    assert {e.actor for e in entries} == {"t0", "t1"}
    assert Ledger(records).verify() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", AT - timedelta(days=1)),
        ("actor", "李工"),
        ("action", "resolved"),
        ("subject", "BLD-2"),
        ("detail", '{"n":99,"评论":"已查看"}'),
        ("previous", "f" * 64),
        ("hash", "f" * 64),
    ],
)
def test_every_altered_field_is_found(records: Engine, column: str, value: Any) -> None:
    _append(records, 4)
    with records.begin() as conn:
        conn.execute(update(table).where(table.c.seq == 3).values({column: value}))
    (finding,) = Ledger(records).verify()
    assert (finding.code, finding.subject) == ("ledger_altered", "ledger/3")


def test_an_entry_rewritten_with_its_hash_breaks_the_next_one(records: Engine) -> None:
    _append(records, 4)
    second = Ledger(records).entries(limit=1, after=1)[0]
    forged = {c.name: getattr(second, c.name) for c in table.c} | {"actor": "nobody"}
    forged["hash"] = type(second)(**forged).expected_hash()
    with records.begin() as conn:
        conn.execute(update(table).where(table.c.seq == 2).values(forged))
    (finding,) = Ledger(records).verify()
    assert (finding.code, finding.subject) == ("ledger_broken", "ledger/3")


def test_a_removed_entry_is_a_gap(records: Engine) -> None:
    _append(records, 4)
    with records.begin() as conn:
        conn.execute(delete(table).where(table.c.seq == 2))
    (finding,) = Ledger(records).verify()
    assert (finding.code, finding.subject) == ("ledger_gap", "ledger/2")


def test_a_cut_tail_shows_against_the_head(records: Engine) -> None:
    _append(records, 4)
    with records.begin() as conn:
        conn.execute(delete(table).where(table.c.seq > 2))
    (finding,) = Ledger(records).verify()
    assert (finding.code, finding.subject) == ("ledger_cut", "ledger/3")
    assert finding.detail["head"] == 4


def test_a_head_of_another_hash_shows(records: Engine) -> None:
    _append(records, 2)
    with records.begin() as conn:
        conn.execute(update(ledger_head).values(hash="f" * 64))
    assert [f.code for f in Ledger(records).verify()] == ["ledger_head_altered"]


def test_an_entry_slipped_in_behind_the_head_shows(records: Engine) -> None:
    _append(records, 2)
    last = Ledger(records).entries(after=1)[0]
    extra = {c.name: getattr(last, c.name) for c in table.c}
    extra |= {"seq": 3, "previous": last.hash}
    with records.begin() as conn:
        conn.execute(insert(table), extra)
    (finding,) = Ledger(records).verify()
    assert (finding.code, finding.subject) == ("ledger_beyond_head", "ledger/3")


@pytest.mark.parametrize("detail", [{"x": float("nan")}, {"x": object()}, {"x": {1, 2}}])
def test_what_is_not_plain_json_is_refused(records: Engine, detail: dict[str, object]) -> None:
    with pytest.raises(InputError, match="plain JSON"), records.begin() as conn:
        Ledger(records).append(conn, at=AT, actor="a", action="b", subject="c", detail=detail)
    assert Ledger(records).verify() == []


def test_a_time_without_zone_is_refused(records: Engine) -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(InputError, match="time zone"), records.begin() as conn:
        Ledger(records).append(conn, at=naive, actor="a", action="b", subject="c", detail={})


def test_odd_words_are_kept_and_found_again(records: Engine) -> None:
    odd = "a\0b\ud800c"
    with records.begin() as conn:
        Ledger(records).append(
            conn, at=AT, actor=odd, action=odd, subject=odd, detail={odd: odd}, mentions=[odd]
        )
    (entry,) = Ledger(records).find(Selection(subject=wording.fitting("subject", odd)))
    assert entry.actor == "a\\u0000b\\ud800c"
    detail = Ledger(records).detail_of(entry)
    assert detail[odd] == odd
    assert detail["in_full"] == {"actor": odd, "action": odd, "subject": odd}
    assert Ledger(records).verify() == []


def test_two_long_subjects_that_begin_alike_remain_two(records: Engine) -> None:
    for end in "xy":
        with records.begin() as conn:
            long = "设备" * 200 + end
            Ledger(records).append(conn, at=AT, actor="a", action="b", subject=long, detail={})
    first, second = Ledger(records).entries()
    assert len(first.subject) == len(second.subject) == 256
    assert first.subject != second.subject
    assert Ledger(records).detail_of(second)["in_full"]["subject"] == "设备" * 200 + "y"


def test_rule_before_and_after_are_in_the_detail(records: Engine) -> None:
    with records.begin() as conn:
        entry = Ledger(records).append(
            conn,
            at=AT,
            actor="a",
            action="b",
            subject="c",
            detail={"n": 1},
            rule="demo-1 §3",
            before={"area_m2": 5.0, "since": date(2023, 1, 2)},
            after={"area_m2": 6.0},
        )
    assert Ledger(records).detail_of(entry) == {
        "n": 1,
        "rule": "demo-1 §3",
        "before": {"area_m2": 5.0, "since": "2023-01-02"},
        "after": {"area_m2": 6.0},
    }


@pytest.mark.parametrize("key", ["attachment", "mentions", "in_full", "before"])
def test_a_key_that_the_ledger_sets_is_refused(records: Engine, key: str) -> None:
    told = {key: 1}
    refused = pytest.raises(InputError, match=f"keys that the ledger sets, got {key}")
    with refused, records.begin() as conn:
        Ledger(records).append(
            conn, at=AT, actor="a", action="b", subject="c", detail=told, before={"x": 1}
        )
    assert Ledger(records).head() == (0, GENESIS)


def _append_large(records: Engine) -> LedgerEntry:
    rows = [{"code": f"MTR-{n}", "name_zh": "电表"} for n in range(2000)]
    with records.begin() as conn:
        return Ledger(records).append(
            conn,
            at=AT,
            actor="a",
            action="imported",
            subject="register",
            detail={"version": 3},
            before={},
            after={"meters": rows},
            mentions=[row["code"] for row in rows],
        )


def test_a_large_detail_goes_into_an_attachment_and_comes_back(records: Engine) -> None:
    entry = _append_large(records)
    inline = json.loads(entry.detail)
    assert set(inline) == {"version", "before", "attachment"}
    assert len(entry.detail) < 300
    whole = Ledger(records).detail_of(entry)
    assert whole["after"]["meters"][1999] == {"code": "MTR-1999", "name_zh": "电表"}
    assert len(whole["mentions"]) == 2000
    assert Ledger(records).find(Selection(subject="MTR-77")) == [entry]
    assert Ledger(records).verify() == []


@pytest.mark.parametrize(
    "content", [b"", b"no zlib", zlib.compress(b"{}"), zlib.compress(b"0" * 50_000_000)]
)
def test_an_altered_attachment_is_found_with_its_entry(records: Engine, content: bytes) -> None:
    _append(records, 2)
    _append_large(records)
    with records.begin() as conn:
        conn.execute(update(ledger_attachments).values(content=content))
    (finding,) = Ledger(records).verify()
    assert (finding.code, finding.subject) == ("ledger_attachment", "ledger/3")


def test_a_missing_attachment_is_found_with_its_entry(records: Engine) -> None:
    _append_large(records)
    _append(records, 1)
    with records.begin() as conn:
        conn.execute(delete(ledger_attachments))
    (finding,) = Ledger(records).verify()
    assert (finding.code, finding.subject) == ("ledger_attachment", "ledger/1")


def test_codes_that_an_entry_is_found_by_cannot_be_taken_away(records: Engine) -> None:
    _append_large(records)
    with records.begin() as conn:
        conn.execute(delete(ledger_mentions).where(ledger_mentions.c.code == "MTR-5"))
    (finding,) = Ledger(records).verify()
    assert (finding.code, finding.subject) == ("ledger_mentions", "ledger/1")
    assert finding.detail["missing"] == "MTR-5"


def test_entries_are_selected_by_time_person_deed_and_subject(records: Engine) -> None:
    book = Ledger(records)
    deeds = [
        ("li", "alert_fired", "silent:MTR-1"),
        ("li", "alert_fired", "quota:BLD-1/q/2023"),
        ("wu", "alert_acknowledged", "quota:BLD-10/q/2023"),
        ("wu", "device_adopted", "dev%1"),
    ]
    for n, (actor, action, subject) in enumerate(deeds):
        with records.begin() as conn:
            at = AT + timedelta(hours=n)
            book.append(conn, at=at, actor=actor, action=action, subject=subject, detail={})
    found = {
        "actor": book.find(Selection(actor="wu")),
        "action": book.find(Selection(action="alert_fired")),
        "asset": book.find(Selection(subject="BLD-1")),
        "no pattern": book.find(Selection(subject="dev%")),
        "time": book.find(Selection(start=AT + timedelta(hours=1), end=AT + timedelta(hours=3))),
        "numbers": book.find(Selection(seqs=(1, 4, 9))),
    }
    assert {name: [e.seq for e in entries] for name, entries in found.items()} == {
        "actor": [3, 4],
        "action": [1, 2],
        "asset": [2],
        "no pattern": [],
        "time": [2, 3],
        "numbers": [1, 4],
    }
    assert [e.seq for e in book.latest(Selection(), 2)] == [4, 3]
    assert [e.seq for e in book.latest(Selection(), 2, before=3)] == [2, 1]


def test_the_chain_is_walked_in_parts(records: Engine) -> None:
    _append(records, 5)
    book = Ledger(records)
    first = book.walk(START, 2)
    assert (first.end.seq, first.complete, first.findings) == (2, False, ())
    with records.begin() as conn:
        conn.execute(update(table).where(table.c.seq == 4).values(actor="x"))
    second = book.walk(first.end, 2)
    assert [f.subject for f in second.findings] == ["ledger/4"]
    third = book.walk(second.end, 2)
    assert (second.complete, third.complete, third.findings) == (False, True, ())


def test_an_altered_detail_is_refused_by_rule(records: Engine) -> None:
    _append(records, 2)
    with records.begin() as conn:
        conn.execute(update(table).where(table.c.seq == 2).values(detail='{"attachment":7}'))
    entry = Ledger(records).entry(2)
    with pytest.raises(InputError, match="as the ledger writes it, got another in entry 2"):
        Ledger(records).detail_of(entry)
