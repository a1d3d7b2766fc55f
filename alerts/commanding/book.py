"""Commands in the record store: read, listed, written with their step of the case and the ledger's entry."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from alerts.cases.book import take_step
from alerts.cases.model import Act, Case, CaseEvent, Step
from alerts.commanding.model import Command
from alerts.commanding.states import LIVE, CommandAct, CommandState, moved
from quotawatt.errors import NotFoundError
from quotawatt.ledger import Ledger
from quotawatt.storage.case_tables import device_commands
from quotawatt.storage.tables import device_families

_COLUMNS = tuple(f.name for f in fields(Command))


@dataclass(frozen=True, slots=True)
class Deed:
    """What happens to a command. ``changes`` are fields that take another value; the state follows."""

    act: CommandAct
    changes: Mapping[str, Any] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)


def read_command(conn: Connection, number: int) -> Command:
    """The command of this number. Raises NotFoundError where there is none."""
    query = select(device_commands).where(device_commands.c.id == number)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a command must exist by its number, got {number}")
    return command_of(dict(row))


def list_commands(
    conn: Connection, conditions: Sequence[ColumnElement[bool]] = ()
) -> list[Command]:
    """The commands that meet the conditions, by number."""
    query = select(device_commands).where(*conditions).order_by(device_commands.c.id)
    return [command_of(dict(row)) for row in conn.execute(query).mappings()]


def live_commands(
    conn: Connection, device: str | None = None, *, lock: bool = False
) -> list[Command]:
    """Commands to which something may still happen, of one device where it is named, by number.

    ``lock`` keeps them until the transaction ends.
    """
    t = device_commands.c
    query = select(device_commands).where(t.state.in_(sorted(LIVE))).order_by(t.id)
    if device is not None:
        query = query.where(t.device == device)
    rows = conn.execute(query.with_for_update() if lock else query).mappings()
    return [command_of(dict(row)) for row in rows]


def is_undone(conn: Connection, number: int) -> bool:
    """Whether another command has taken this one back, or is about to."""
    t = device_commands.c
    states = sorted({*LIVE, CommandState.ANSWERED})
    query = select(func.count()).select_from(device_commands)
    found: int = conn.execute(query.where(t.undoes == number, t.state.in_(states))).scalar_one()
    return found > 0


def families_of(conn: Connection, devices: Collection[str]) -> dict[str, set[str]]:
    """Ids of the profiles that messages of these devices were read by."""
    found: dict[str, set[str]] = {}
    t = device_families.c
    query = select(t.device, t.profile).where(t.device.in_(sorted(devices)))
    for device, profile in conn.execute(query):
        found.setdefault(device, set()).add(profile)
    return found


def command_of(row: Mapping[str, Any]) -> Command:
    """A command from its row."""
    values = {name: row[name] for name in _COLUMNS}
    return Command(**{**values, "state": CommandState(values["state"])})


def add_command(
    conn: Connection, case: Case, draft: Command, act: Act, detail: Mapping[str, Any]
) -> tuple[Command, Step]:
    """Keep a command that is asked for, and tell the case and the ledger."""
    row = _row(draft)
    statement = insert(device_commands).returning(device_commands.c.id)
    made = replace(draft, id=int(conn.execute(statement, row).scalar_one()))
    return made, _tell(conn, case, made, act, detail)


def move_command(
    conn: Connection, case: Case, command: Command, deed: Deed, act: Act
) -> tuple[Command, Step]:
    """Do something to a command, and tell the case and the ledger. Raises StateError where it cannot be."""
    state = moved(command.state, deed.act)
    after = replace(command, **{**deed.changes, "state": state})
    rule = device_commands.c.id == command.id
    conn.execute(update(device_commands).where(rule).values(_row(after)))
    return after, _tell(conn, case, after, act, deed.detail)


def _row(command: Command) -> dict[str, Any]:
    row = {name: getattr(command, name) for name in _COLUMNS if name != "id"}
    return {**row, "state": command.state.value, "answer": dict(command.answer)}


def _tell(
    conn: Connection, case: Case, command: Command, act: Act, detail: Mapping[str, Any]
) -> Step:
    said = {
        "command": command.id,
        "step": command.state.value,
        "name": command.command,
        "asset": command.asset,
        "device": command.device,
        "channel": command.channel,
        "value": command.value,
        "undoes": command.undoes,
        **detail,
    }
    step = take_step(conn, case, CaseEvent.COMMAND, act, said)
    Ledger(conn.engine).append(
        conn,
        at=act.at,
        actor=act.actor,
        action=f"command_{command.state.value}",
        subject=f"commands/{command.id}",
        detail={"case": case.id, "comment": act.comment, **said},
        rule=case.rule,
        mentions=[command.asset, case.asset],
    )
    return step
