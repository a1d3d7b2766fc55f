"""An account's inbox: what came in, what is unread, and what was read when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select, update

from alerts.channels.said import said
from alerts.delivery.outbox import cases_of
from quotawatt.errors import NotFoundError
from quotawatt.storage.case_tables import inbox_messages


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A message in an inbox. Instants are UTC; ``read_at`` None: unread."""

    id: int
    created_at: datetime
    read_at: datetime | None
    title: str
    text: str
    link: str
    cases: Sequence[int]


def list_inbox(
    conn: Connection, account: str, *, unread: bool = False, limit: int = 100, offset: int = 0
) -> tuple[int, list[InboxItem]]:
    """How many messages an account has, all or those that are unread, and one page, the newest first."""
    wanted = [inbox_messages.c.account == account]
    if unread:
        wanted.append(inbox_messages.c.read_at.is_(None))
    counted = select(func.count()).select_from(inbox_messages).where(*wanted)
    page = select(inbox_messages).where(*wanted).order_by(inbox_messages.c.id.desc())
    rows = conn.execute(page.limit(limit).offset(offset)).mappings()
    return conn.execute(counted).scalar_one(), [_item(row) for row in rows]


def count_unread(conn: Connection, account: str) -> int:
    """How many messages of an account are unread."""
    return list_inbox(conn, account, unread=True, limit=0)[0]


def mark_read(conn: Connection, account: str, number: int, now: datetime) -> InboxItem:
    """A message has been read; once read it keeps its time. Raises NotFoundError for another's."""
    mine = (inbox_messages.c.id == number, inbox_messages.c.account == account)
    unread = update(inbox_messages).where(*mine, inbox_messages.c.read_at.is_(None))
    conn.execute(unread.values(read_at=now))
    row = conn.execute(select(inbox_messages).where(*mine)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a message of the inbox must exist by its number, got {number}")
    return _item(row)


def mark_all_read(conn: Connection, account: str, up_to: int, now: datetime) -> int:
    """All messages of an account up to this number have been read; returns how many were unread."""
    unread = (
        inbox_messages.c.account == account,
        inbox_messages.c.id <= up_to,
        inbox_messages.c.read_at.is_(None),
    )
    return conn.execute(update(inbox_messages).where(*unread).values(read_at=now)).rowcount


def _item(row: RowMapping) -> InboxItem:
    words = said(row["body"])
    return InboxItem(
        id=row["id"],
        created_at=row["created_at"],
        read_at=row["read_at"],
        title=words.title,
        text=words.text,
        link=words.link,
        cases=cases_of(row["body"]),
    )
