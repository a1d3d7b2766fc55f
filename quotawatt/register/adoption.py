"""Binding a device that was seen: what is asked is checked like the rows of an import, all at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, select

from quotawatt.clock import require_utc
from quotawatt.errors import NotFoundError, RegisterError
from quotawatt.ledger import Ledger
from quotawatt.readings import SeriesKey
from quotawatt.register.doubts import warnings_of
from quotawatt.register.editing import problems_with, with_adopted
from quotawatt.register.model import Binding, Register
from quotawatt.register.power_only import with_power_named
from quotawatt.register.repository import Deed, RegisterSource, change_register, load_register
from quotawatt.register.rivals import IfFed, settle_rivals
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.seen import count_kept, forget_devices
from quotawatt.storage.tables import seen_devices

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
"""No device measured anything before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be bound.

    channels
        One mapping a binding: its fields (see ``Binding``) without device and times. Where one names no
        quantity and its channel offers a power and no counter, the power is named; see ``power_only``.
    valid_from
        From when they hold; None: from the device's first reading that is kept or stored, else from when it
        was seen first.
    if_fed
        What becomes of bindings of other devices that feed the same point; see ``rivals``.
    """

    device: str
    channels: Sequence[Mapping[str, Any]]
    valid_from: datetime | None = None
    if_fed: IfFed = "refuse"


@dataclass(frozen=True, slots=True)
class Adoption:
    """What came of an adoption.

    bindings
        Those that were added.
    ended
        Those of other devices that end where these begin, with that end.
    warnings
        What may be a mistake, in words; see ``doubts``.
    waiting
        Messages of the device that are kept and will be replayed.
    job
        Number of the replay's job; None where nothing is kept.
    """

    bindings: tuple[Binding, ...]
    ended: tuple[Binding, ...]
    warnings: tuple[str, ...]
    waiting: int
    job: int | None


def adopt(
    engine: Engine,
    series: SeriesStore,
    wish: Wish,
    actor: str,
    at: datetime,
    zone: ZoneInfo,
    near: RegisterSource | None = None,
) -> Adoption:
    """Bind channels of a device that was seen, all of them or none, with an entry in the ledger.

    series
        Holds what the device sent while it was bound before, if it was.
    zone
        That of local times while the device was unknown, and of times in words.
    near
        As in ``change_register``.

    Raises NotFoundError where the device is not listed as seen, RegisterError with every rule that a binding
    breaks (an unknown asset, an overlap with another binding, a multiplier not above 0, ...), and StateError
    where another device feeds the same point and ``wish`` does not say what becomes of it.
    """
    with engine.connect() as conn:
        row = _seen(conn, wish.device)
        waiting = count_kept(conn, [wish.device])
    before = load_register(engine) if near is None else near.refresh()
    channels = with_power_named(wish.channels, row["offers"], before)
    start = wish.valid_from or _first(series, row, before, channels, zone)
    new = tuple(Binding(device=wish.device, valid_from=start, **wanted) for wanted in channels)
    ended: tuple[Binding, ...] = ()

    def with_new(register: Register) -> Register:
        nonlocal ended
        where = {f"channels[{number}]": binding for number, binding in enumerate(new)}
        if problems := problems_with(register, where):
            raise RegisterError(problems)
        ended = settle_rivals(register, new, row["offers"], wish.if_fed, zone)
        return with_adopted(register, [*ended, *new])

    detail = {"bindings": [_plain(binding) for binding in new], "if_fed": wish.if_fed}
    deed = Deed("device_adopted", wish.device, detail)
    change = change_register(engine, with_new, actor, at, deed, near)
    warnings = tuple(warnings_of(row, before, new, zone))
    return Adoption(new, ended, warnings, waiting, change.replay)


def forget(engine: Engine, device: str, actor: str, at: datetime) -> int:
    """Take a device from the list of seen ones; returns how many of its messages went with it.

    When it sends again it is listed again. Raises NotFoundError where it is not listed.
    """
    with engine.begin() as conn:
        kept = int(_seen(conn, device)["kept"])
        forget_devices(conn, [device])
        Ledger(engine).append(
            conn,
            at=at,
            actor=actor,
            action="device_forgotten",
            subject=device,
            detail={"kept_messages": kept},
        )
    return kept


def _seen(conn: Connection, device: str) -> Mapping[str, Any]:
    found = conn.execute(select(seen_devices).where(seen_devices.c.device == device))
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a device must be listed as seen, got {device!r}")
    return dict(row)


def _first(
    series: SeriesStore,
    row: Mapping[str, Any],
    register: Register,
    channels: Sequence[Mapping[str, Any]],
    zone: ZoneInfo,
) -> datetime:
    """The device's first reading, kept or stored, or when it was seen first."""
    kept = _first_kept(row, register, [str(wanted["asset"]) for wanted in channels], zone)
    stored = (_first_stored(series, row, register, wanted, kept) for wanted in channels)
    return min([kept, *(time for times in stored for time in times)])


def _first_kept(
    row: Mapping[str, Any], register: Register, assets: Sequence[str], zone: ZoneInfo
) -> datetime:
    """The first reading that was kept, or when the device was seen first.

    Local times were read in ``zone``, and may be earlier in the zones of the assets; no device sends
    anything before its first reading, so too early does no harm.
    """
    earliest: datetime | None = row["earliest_reading"]
    if earliest is None:
        seen: datetime = row["first_seen"]
        return seen
    local = earliest.astimezone(zone)
    zones = (register.zone_of_asset(asset) for asset in assets)
    there = (require_utc(local.replace(tzinfo=other)) for other in zones if other is not None)
    return min((earliest, *there))


def _first_stored(
    series: SeriesStore,
    row: Mapping[str, Any],
    register: Register,
    wanted: Mapping[str, Any],
    kept: datetime,
) -> Iterator[datetime]:
    """Of each series to be bound the first reading stored after the channel's last binding ended."""
    device, channel, quantity = row["device"], wanted.get("channel", ""), wanted.get("quantity", "")
    offered = {offer["quantity"] for offer in row["offers"] if offer["channel"] == channel}
    ends = (binding.valid_until for binding in register.bindings_on(device, channel))
    since = max((end for end in ends if end is not None and end <= kept), default=_FIRST)
    keys = [SeriesKey(device, channel, name) for name in ({quantity} - {""} or offered)]
    if keys:
        # An empty span with one reading of context: the first one of each series from then on.
        found = series.read_readings(keys, Span(since, since), context=1)
        times: list[Any] = found["time"].to_pylist()
        yield from (time for time in times if time >= since)


def _plain(binding: Binding) -> dict[str, Any]:
    """A binding as the ledger keeps it."""
    fields = asdict(binding)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in fields.items()
        if value not in (None, "")
    }
