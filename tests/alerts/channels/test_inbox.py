from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from alerts.channels.base import Delivery
from alerts.channels.inbox import InboxChannel
from quotawatt.errors import ChannelError, StoreError
from quotawatt.storage.case_tables import inbox_messages
from quotawatt.storage.records import open_records
from tests.alerts.channels.bodies import OFFICER, SENT_AT, delivery


def test_the_same_message_twice_is_one(records: Engine) -> None:
    channel = InboxChannel(records)
    long_key = Delivery("k" * 200, delivery().body, SENT_AT, OFFICER)
    for message in (delivery(), delivery(title="again"), long_key, long_key):
        channel.send(message)
    with records.connect() as conn:
        rows = list(conn.execute(select(inbox_messages)))
    assert [(row.account, row.read_at) for row in rows] == [("officer", None)] * 2
    assert rows[0].body["title"] == "［告警］主楼用电超定额"
    assert rows[0].created_at == SENT_AT


def test_who_has_no_account_has_no_inbox(tmp_path: Path) -> None:
    channel = InboxChannel(open_records("sqlite", tmp_path))
    for nobody in (replace(OFFICER, account=""), None):
        with pytest.raises(ChannelError, match="must have an account") as caught:
            channel.send(delivery(nobody))
        assert not caught.value.retryable


def test_a_record_store_that_fails_may_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_records("sqlite", tmp_path)

    def fail(*_: object, **__: object) -> None:
        raise StoreError("the record store must answer")

    monkeypatch.setattr("alerts.channels.inbox.upsert", fail)
    with pytest.raises(ChannelError, match="must answer") as caught:
        InboxChannel(engine).send(delivery())
    assert (caught.value.retryable, caught.value.whole_channel) == (True, True)
