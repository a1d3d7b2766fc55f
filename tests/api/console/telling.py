"""Messages and channels for the tests of the pages of inbox and delivery."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, update

from alerts.channels.base import Address, ChannelKind, Channels, ChannelSpec
from alerts.delivery.standing import note_failing
from quotawatt.storage.case_tables import inbox_messages
from quotawatt.storage.tables import outbox
from tests.alerts.channels.bodies import body
from tests.alerts.delivery.post import Recorder, final, passing, put
from tests.api.scene import NOW, Scene, build_scene

SPECS = {
    "hook": ChannelSpec("hook", ChannelKind.WEBHOOK),
    "inbox": ChannelSpec("inbox", ChannelKind.INBOX, Address.ACCOUNT),
    "log": ChannelSpec("log", ChannelKind.LOG),
    "mail": ChannelSpec("mail", ChannelKind.EMAIL, Address.EMAIL),
}


def telling_scene(home: Path, records_url: str) -> Scene:
    """The small world with four channels; the webhook refuses the first message that it gets."""
    ways = {name: Recorder() for name in SPECS}
    ways["hook"].failures.append(final())
    return build_scene(home, records_url=records_url, channels=Channels(SPECS, ways))


def tell(scene: Scene, account: str, title: str, cases: Sequence[int] = (7,)) -> None:
    """A message in an inbox."""
    said = body(title=title, cases=[{"number": number} for number in cases])
    row = {"key": f"{account}-{title}", "account": account, "body": said}
    with scene.records.begin() as conn:
        conn.execute(insert(inbox_messages).values(created_at=NOW - timedelta(hours=1), **row))


def give_up(scene: Scene, *keys: str, channel: str = "hook") -> None:
    """Messages that a channel was given up on."""
    put(scene.records, *keys, channel=channel, about=[7], at=NOW - timedelta(hours=3))
    given_up = {"failed_at": NOW, "tries": 3, "last_error": "the receiver must say 2xx, got 403"}
    with scene.records.begin() as conn:
        conn.execute(update(outbox).where(outbox.c.key.in_(keys)).values(given_up))


def fail(scene: Scene, channel: str) -> None:
    """A channel that fails as a whole."""
    with scene.records.begin() as conn:
        note_failing(conn, channel, passing(whole_channel=True), NOW - timedelta(hours=1))
