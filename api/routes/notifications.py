"""Ways to people: channels and the outbox for who runs the system, the inbox for everybody."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import Connection

from alerts.channels.base import Address, ChannelSpec
from alerts.channels.inbox_reading import count_unread, list_inbox, mark_all_read, mark_read
from alerts.channels.trying import try_channel
from alerts.delivery.listing import (
    MessageState,
    count_messages,
    list_messages,
    read_message,
    retry_message,
    retry_messages,
)
from alerts.delivery.standing import Standing, read_standings
from api.access import Permit, needs
from api.notification_schemas import (
    ChannelList,
    ChannelTrial,
    InboxMessage,
    InboxPage,
    MarkedRead,
    OutboxMessage,
    OutboxPage,
    ReadUpTo,
    Retried,
    RetryOf,
    TrialResult,
)
from api.params import Given, LimitParam, OffsetParam
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.ledger import Ledger

router = APIRouter(tags=["notifications"])

Reader = Annotated[Permit, needs(Permission.DELIVERY_READ)]
Actor = Annotated[Permit, needs(Permission.DELIVERY_ACT)]
Own = Annotated[Permit, needs(Permission.OWN)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/channels", response_model=ChannelList)
def read_channels(services: Given, permit: Reader) -> dict[str, Any]:
    """The ways to people that are set up, and how each stands. No secret is shown."""
    permit.require_everywhere()
    with services.records.connect() as conn:
        counts, failing = count_messages(conn), read_standings(conn)
    specs = services.channels.specs
    names = sorted({*specs, *counts})
    return {"items": [_state(n, specs.get(n), counts.get(n, {}), failing.get(n)) for n in names]}


@router.post("/channels/{name}/test", response_model=TrialResult)
def try_one_channel(
    services: Given,
    permit: Actor,
    name: Annotated[str, Path(max_length=64)],
    body: ChannelTrial,
) -> dict[str, Any]:
    """Send a test message now, and tell what the receiver says. The outbox is not used."""
    permit.require_everywhere()
    at = services.wall_clock()
    language = body.language or services.settings.language
    error = try_channel(services.channels, name, body.to, language, at)
    with services.records.begin() as conn:
        # Not the address: it is somebody's.
        Ledger(services.records).append(
            conn,
            at=at,
            actor=permit.actor,
            action="channel_tried",
            subject=f"channel:{name}",
            detail={"delivered": not error, "error": error},
        )
    return {"delivered": not error, "error": error}


@router.get("/outbox", response_model=OutboxPage)
def read_outbox(
    services: Given,
    permit: Reader,
    state: Annotated[
        list[MessageState] | None, Query(description="May be repeated; default all")
    ] = None,
    channel: Annotated[str | None, Query(max_length=64)] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Messages on their way, arrived or given up, without their words; the newest first."""
    permit.require_everywhere()
    with services.records.connect() as conn:
        total, found = list_messages(conn, state or (), channel, limit, offset)
    return {"total": total, "items": [asdict(message) for message in found]}


@router.post("/outbox/retry", response_model=Retried)
def retry_all(services: Given, permit: Actor, body: RetryOf) -> dict[str, Any]:
    """Send everything again that a channel was given up on, as after a secret was put right."""
    permit.require_everywhere()
    ledger, now = Ledger(services.records), services.clock()
    with services.records.begin() as conn:
        return {"retried": retry_messages(conn, ledger, body.channel, permit.actor, now)}


@router.get("/outbox/{number}", response_model=OutboxMessage)
def read_one(services: Given, permit: Reader, number: Number) -> dict[str, Any]:
    """A message and its last error."""
    permit.require_everywhere()
    with services.records.connect() as conn:
        return asdict(read_message(conn, number))


@router.post("/outbox/{number}/retry", response_model=OutboxMessage)
def retry_one(services: Given, permit: Actor, number: Number) -> dict[str, Any]:
    """Send a message again that was given up."""
    permit.require_everywhere()
    with services.records.begin() as conn:
        retry_message(conn, Ledger(services.records), number, permit.actor, services.clock())
        return asdict(read_message(conn, number))


@router.get("/inbox", response_model=InboxPage)
def read_inbox(
    services: Given,
    permit: Own,
    unread: Annotated[bool, Query(description="Only what is unread")] = False,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """What one was told, the newest first."""
    account = permit.principal.user
    with services.records.connect() as conn:
        total, items = list_inbox(conn, account, unread=unread, limit=limit, offset=offset)
        left = count_unread(conn, account)
    return {"total": total, "unread": left, "items": [asdict(item) for item in items]}


@router.post("/inbox/read", response_model=MarkedRead)
def read_up_to(services: Given, permit: Own, body: ReadUpTo) -> dict[str, Any]:
    """Say that all messages up to a number have been read."""
    at = services.clock()
    with services.records.begin() as conn:
        count = mark_all_read(conn, permit.principal.user, body.up_to, at)
        if count:
            _note_read(services, conn, permit, {"up_to": body.up_to, "read": count}, at)
    return {"read": count}


@router.post("/inbox/{number}/read", response_model=InboxMessage)
def read_message_of_mine(services: Given, permit: Own, number: Number) -> dict[str, Any]:
    """Say that a message has been read."""
    at = services.clock()
    with services.records.begin() as conn:
        item = mark_read(conn, permit.principal.user, number, at)
        _note_read(services, conn, permit, {"message": number, "cases": list(item.cases)}, at)
    return asdict(item)


def _note_read(
    services: Services, conn: Connection, permit: Permit, detail: Mapping[str, object], at: datetime
) -> None:
    Ledger(services.records).append(
        conn,
        at=at,
        actor=permit.actor,
        action="inbox_read",
        subject=f"account:{permit.principal.user}",
        detail=detail,
    )


def _state(
    name: str,
    spec: ChannelSpec | None,
    counts: Mapping[MessageState, int],
    failing: Standing | None,
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": spec.kind if spec else None,
        "personal": spec.personal if spec else False,
        "address": spec.address if spec else Address.NONE,
        "waiting": counts.get(MessageState.WAITING, 0),
        "delayed": counts.get(MessageState.DELAYED, 0),
        "given_up": counts.get(MessageState.GIVEN_UP, 0),
        "failing_since": failing.failing_since if failing else None,
        "next_try_at": failing.next_try_at if failing else None,
        "error": failing.error if failing else "",
    }
