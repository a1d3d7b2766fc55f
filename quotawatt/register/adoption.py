"""Binding a device that was seen: what is asked is checked like the rows of an import, all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from quotawatt.errors import NotFoundError, RegisterError
from quotawatt.ledger import Ledger
from quotawatt.register.check import check_rows
from quotawatt.register.model import Binding, Register
from quotawatt.register.repository import Deed, change_register
from quotawatt.register.rows import Row, records_of
from quotawatt.storage.seen import count_kept, forget_devices
from quotawatt.storage.tables import seen_devices


@dataclass(frozen=True, slots=True)
class Adoption:
    """What came of an adoption.

    bindings
        Those that were added.
    warnings
        What may be a mistake, in words: channels and quantities that the device never offered.
    waiting
        Messages of the device that are kept and will be replayed.
    job
        Number of the job that replays them; None: there are none.
    """

    bindings: tuple[Binding, ...]
    warnings: tuple[str, ...]
    waiting: int
    job: int | None


def adopt(
    engine: Engine,
    device: str,
    wanted: Sequence[Mapping[str, Any]],
    valid_from: datetime | None,
    actor: str,
    at: datetime,
) -> Adoption:
    """Bind channels of a device that was seen, all of them or none, with an entry in the ledger.

    wanted
        One mapping a binding: its fields (see ``Binding``) without device and times.
    valid_from
        From when they hold; None: from the first reading that was kept, else from when it was seen first.

    Raises NotFoundError where the device is not listed as seen, RegisterError with every rule that a binding
    breaks (an unknown asset, an overlap with another binding, a multiplier not above 0, ...).
    """
    with engine.connect() as conn:
        row = _seen(conn, device)
        waiting = count_kept(conn, [device])
    start = valid_from or row["earliest_reading"] or row["first_seen"]
    new = tuple(Binding(device=device, valid_from=start, **fields) for fields in wanted)

    def with_new(register: Register) -> Register:
        problems = _problems(register, new)
        if problems:
            raise RegisterError(problems)
        records = {kind: list(rows) for kind, rows in records_of(register).items()}
        return Register(**{**records, "bindings": [*register.bindings, *new]})  # type: ignore[arg-type]

    deed = Deed("device_adopted", device, {"bindings": [_plain(binding) for binding in new]})
    change = change_register(engine, with_new, actor, at, deed)
    return Adoption(new, _warnings(row["offers"], new), waiting, change.replay)


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


def _problems(register: Register, new: Sequence[Binding]) -> list[str]:
    """What the register's rules say against the new bindings."""
    tables = {
        kind: [Row(f"{kind}:{number}", _cells(record)) for number, record in enumerate(records, 1)]
        for kind, records in records_of(register).items()
    }
    mine = [Row(f"channels[{number}]", _cells(binding)) for number, binding in enumerate(new)]
    before = set(check_rows(tables))
    tables["bindings"] = [*tables["bindings"], *mine]
    return [problem for problem in check_rows(tables) if problem not in before]


def _cells(record: Any) -> dict[str, Any]:
    return asdict(record)


def _warnings(offers: Sequence[Mapping[str, Any]], new: Sequence[Binding]) -> tuple[str, ...]:
    channels = {offer["channel"] for offer in offers}
    pairs = {(offer["channel"], offer["quantity"]) for offer in offers}
    rule = "the device has not offered it yet"
    return tuple(
        f"{binding.channel!r} {binding.quantity}".strip() + f": {rule}"
        for binding in new
        if binding.channel not in channels
        or (binding.quantity and (binding.channel, binding.quantity) not in pairs)
    )


def _plain(binding: Binding) -> dict[str, Any]:
    """A binding as the ledger keeps it."""
    fields = asdict(binding)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in fields.items()
        if value not in (None, "")
    }
