"""What becomes of messages: taken, tried again in order, given up and told of."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select

from alerts.cases.model import CaseEvent, Step
from alerts.delivery.listing import retry_messages
from alerts.delivery.outbox import LEASE, claim
from alerts.delivery.sender import Sender
from alerts.delivery.standing import LONGEST_PAUSE, read_standings
from quotawatt.ledger import Ledger
from quotawatt.storage.case_tables import case_steps
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import outbox
from tests.alerts.channels.bodies import OFFICER
from tests.alerts.delivery.post import (
    MINUTE,
    START,
    Recorder,
    channels,
    final,
    finding_rows,
    open_case,
    passing,
    people,
    put,
    rows,
    sender,
)


@pytest.fixture
def store(tmp_path: Path) -> Engine:
    return open_records("sqlite", tmp_path)


def _ledger(records: Engine) -> list[tuple[str, str]]:
    return [(e.action, e.subject) for e in Ledger(records).entries()]


def test_messages_go_in_order_and_the_ledger_says_so(records: Engine) -> None:
    put(records, "a", "b", about=[7])
    hook = Recorder()
    assert sender(records, hook=hook).deliver(START) == 2
    assert hook.keys == ["a", "b"]
    assert _ledger(records) == [("message_delivered", "a"), ("message_delivered", "b")]
    (entry, _) = Ledger(records).entries()
    assert Ledger(records).detail_of(entry) == {
        "cases": [7], "channel": "hook", "recipient": "channel:hook", "tries": 1,
    }  # fmt: skip
    assert sender(records, hook=hook).deliver(START) == 0


def test_a_channel_that_fails_is_left_alone_and_its_queue_keeps_its_order(store: Engine) -> None:
    put(store, "a", "b", "c")
    hook, other = Recorder([passing(whole_channel=True)] * 2), Recorder()
    put(store, "x", channel="other")
    post = sender(store, hook=hook, other=other)
    assert post.deliver(START) == 1  # the other channel is none the worse
    assert (hook.tried, other.keys) == (["a"], ["x"])
    assert post.deliver(START + timedelta(seconds=20)) == 0
    assert hook.tried == ["a"]
    with store.connect() as conn:
        standing = read_standings(conn)["hook"]
    assert finding_rows(store) == [("channel_failing", "channel:hook", "open")]
    assert post.deliver(standing.next_try_at) == 0
    assert hook.tried == ["a", "a"]
    assert post.deliver(START + timedelta(hours=1)) == 3
    assert hook.keys == ["a", "b", "c"]
    assert finding_rows(store) == [("channel_failing", "channel:hook", "cleared")]
    assert post.look(START).failing == {}


def test_the_pause_grows_to_its_longest_and_outlives_a_restart(store: Engine) -> None:
    put(store, "a")
    hook = Recorder([passing(whole_channel=True)] * 12)
    now, pauses = START, []
    for _ in range(12):
        post = sender(store, hook=hook)  # a new process each time
        post.deliver(now)
        at = post.look(now).failing["hook"].next_try_at
        pauses.append(at - now)
        now = at
    assert len(hook.tried) == 12
    assert pauses[0] <= timedelta(seconds=30)
    assert LONGEST_PAUSE * 0.75 <= pauses[-1] <= LONGEST_PAUSE
    assert rows(store)[0].failed_at is None


def test_a_receiver_that_says_when_is_not_asked_before(store: Engine) -> None:
    put(store, "a")
    hook = Recorder([passing(whole_channel=True, retry_after_s=900)])
    post = sender(store, hook=hook)
    post.deliver(START)
    assert post.deliver(START + 14 * MINUTE) == 0
    assert post.deliver(START + 15 * MINUTE) == 1


def test_one_message_that_fails_delays_no_other(store: Engine) -> None:
    put(store, "a", "b")
    hook = Recorder([passing()])
    post = sender(store, hook=hook)
    assert post.deliver(START) == 1
    assert hook.keys == ["b"]
    assert post.deliver(START + MINUTE) == 1
    assert hook.keys == ["b", "a"]


def test_a_message_that_a_channel_stumbles_over_is_tried_again_and_stops_nothing(
    store: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    put(store, "a", "b")
    hook = Recorder([KeyError("title")])
    assert sender(store, hook=hook).deliver(START) == 1
    assert "stumbled over message a" in caplog.text
    assert rows(store)[0].last_error.endswith("hook stumbled: KeyError")


def test_a_channel_that_is_not_set_up_keeps_its_messages(store: Engine) -> None:
    put(store, "a")
    assert sender(store).deliver(START) == 0
    assert rows(store)[0].last_error == "a channel must be set up, got hook"
    assert sender(store, hook=Recorder()).deliver(START + MINUTE) == 1


def test_whom_it_is_for_is_looked_up_when_it_is_sent(store: Engine) -> None:
    put(store, "a", recipient=OFFICER.key)
    put(store, "b", recipient="account:gone")
    put(store, "c")
    hook = Recorder()
    sender(store, hook=hook).deliver(START)
    assert [d.recipient for d in hook.got] == [OFFICER, None]
    gone = rows(store)[1]
    assert gone.failed_at == START
    assert gone.last_error == "a recipient must still be there, got account:gone"


def _undelivered(records: Engine) -> list[tuple[int, Any]]:
    with records.connect() as conn:
        found = conn.execute(select(case_steps).where(case_steps.c.action == "undelivered"))
        return [(row.case, row.detail) for row in found]


def test_what_is_given_up_is_said_in_the_case_the_findings_and_the_ledger(records: Engine) -> None:
    with records.begin() as conn:
        open_case(conn, 7)
        open_case(conn, 8)
    put(records, "a", recipient=OFFICER.key, about=[7, 8, 9, 7])
    told: list[Step] = []
    post = Sender(
        records,
        channels(hook=Recorder([final()])),
        people,
        "w1",
        lambda _conn, steps, _now: told.extend(steps),
    )
    assert post.deliver(START) == 0
    reason = "a recipient must be known, got none"
    detail = {
        "channel": "hook", "recipient": OFFICER.key, "message": "a", "reason": reason,
    }  # fmt: skip
    assert _undelivered(records) == [(7, detail), (8, detail)]
    assert [(s.case.id, s.event) for s in told] == [
        (7, CaseEvent.UNDELIVERED),
        (8, CaseEvent.UNDELIVERED),
    ]
    assert finding_rows(records) == [("message_given_up", "channel:hook", "open")]
    assert _ledger(records) == [
        ("case_undelivered", "cases/7"),
        ("case_undelivered", "cases/8"),
        ("message_given_up", "a"),
    ]
    assert Ledger(records).verify() == []


def test_whom_a_channel_does_not_reach_is_one_finding_until_it_is_sent_again(store: Engine) -> None:
    put(store, "a", "b", recipient=OFFICER.key)
    hook = Recorder([final(), final(), final()])
    post = sender(store, hook=hook)
    post.deliver(START)
    put(store, "c", recipient=OFFICER.key)
    post.deliver(START + MINUTE)
    assert finding_rows(store) == [("message_given_up", "channel:hook", "open")]
    with store.begin() as conn:
        assert retry_messages(conn, Ledger(store), "hook", "li", START + 2 * MINUTE) == 3
    assert finding_rows(store) == [("message_given_up", "channel:hook", "cleared")]
    hook.failures = [final()]
    post.deliver(START + 3 * MINUTE)
    assert finding_rows(store) == [("message_given_up", "channel:hook", "open")]
    assert len(hook.got) == 2


def test_news_that_cannot_be_delivered_either_make_no_circle(store: Engine) -> None:
    with store.begin() as conn:
        open_case(conn, 7)
    for key in ("a", "b", "c"):
        put(store, key, about=[7])
    sender(store, hook=Recorder([final()] * 3)).deliver(START)
    assert len(_undelivered(store)) == 1
    assert [action for action, _ in _ledger(store)].count("message_given_up") == 3


def test_two_senders_share_the_work_and_send_nothing_twice(store: Engine) -> None:
    put(store, *(f"k{number:02}" for number in range(20)))
    hook = Recorder()
    one, other = sender(store, "w1", hook=hook), sender(store, "w2", hook=hook)
    with store.begin() as conn:
        held = claim(conn, "hook", "w3", START)  # and one that is killed
    assert one.deliver(START) + other.deliver(START) == 12
    assert one.deliver(START + LEASE) + other.deliver(START + LEASE) == len(held)
    assert sorted(hook.keys) == [f"k{number:02}" for number in range(20)]


def test_a_message_of_the_version_before_still_goes_out(store: Engine) -> None:
    body = {"version": 1, "event": "firing", "zh": {"title": "告警", "text": "超"}}
    with store.begin() as conn:
        row = {"key": "quota:B:firing", "alert": 3, "channel": "hook", "body": body}
        conn.execute(insert(outbox).values(created_at=START, next_try_at=START, **row))
    hook = Recorder()
    assert sender(store, hook=hook).deliver(START) == 1
    assert hook.got[0].body == body
    (entry,) = Ledger(store).entries()
    assert Ledger(store).detail_of(entry)["alert"] == 3


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["ok", "once", "channel", "stumble"]), max_size=30))
def test_however_receivers_fail_each_message_arrives_once(store: Engine, course: list[str]) -> None:
    ways = {
        "ok": None,
        "once": passing(),
        "channel": passing(whole_channel=True),
        "stumble": ValueError("?"),
    }
    keys = [f"k{number}" for number in range(4)]
    with store.begin() as conn:
        conn.execute(outbox.delete())
    put(store, *keys)
    hook = Recorder([ways[way] for way in course])
    for turn in range(len(course) + 1):
        sender(store, hook=hook).deliver(START + turn * timedelta(hours=6))
    assert sorted(hook.keys) == keys
