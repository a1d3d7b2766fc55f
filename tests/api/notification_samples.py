"""What the access matrix asks of the routes of channels, outbox and inbox."""

from datetime import timedelta

from sqlalchemy import insert, select

from alerts.delivery.outbox import Outgoing, enqueue
from quotawatt.storage.case_tables import inbox_messages
from quotawatt.storage.tables import outbox
from tests.alerts.channels.bodies import body
from tests.api.sample import Sample, World, nobodys, shared
from tests.api.scene import NOW

_V1 = "/api/v1"
_made = iter(range(10_000))


def _given_up(world: World, _user: str, _where: str) -> int:
    """A message that was given up, made anew."""
    key = f"given-up-{next(_made)}"
    with world.scene.records.begin() as conn:
        enqueue(conn, [Outgoing(key, "hook", "channel:hook", "", "r", body())], NOW)
        conn.execute(outbox.update().where(outbox.c.key == key).values(failed_at=NOW))
        return int(conn.execute(select(outbox.c.id).where(outbox.c.key == key)).scalar_one())


def _others_message(world: World, _user: str, _where: str) -> int:
    """A message in the inbox of somebody else."""
    row = {"key": f"inbox-{next(_made)}", "account": "somebody", "body": body()}
    at = NOW - timedelta(hours=1)
    with world.scene.records.begin() as conn:
        made = insert(inbox_messages).values(created_at=at, **row)
        return int(conn.execute(made.returning(inbox_messages.c.id)).scalar_one())


NOTIFICATION_SAMPLES: dict[tuple[str, str], Sample] = {
    ("GET", f"{_V1}/channels"): nobodys(f"{_V1}/channels"),
    ("POST", f"{_V1}/channels/{{name}}/test"): nobodys(
        f"{_V1}/channels/log/test", body={}, may_be_missing=True
    ),
    ("GET", f"{_V1}/outbox"): nobodys(f"{_V1}/outbox"),
    ("POST", f"{_V1}/outbox/retry"): nobodys(f"{_V1}/outbox/retry", body={"channel": "none"}),
    ("GET", f"{_V1}/outbox/{{number}}"): nobodys(f"{_V1}/outbox/{{made}}", make=_given_up),
    ("POST", f"{_V1}/outbox/{{number}}/retry"): nobodys(
        f"{_V1}/outbox/{{made}}/retry", make=_given_up
    ),
    ("GET", f"{_V1}/inbox"): shared(f"{_V1}/inbox"),
    ("POST", f"{_V1}/inbox/read"): shared(f"{_V1}/inbox/read", body={"up_to": 1}),
    # Others' messages are as if they were not there, for everybody.
    ("POST", f"{_V1}/inbox/{{number}}/read"): shared(
        f"{_V1}/inbox/{{made}}/read", make=_others_message, may_be_missing=True
    ),
}
