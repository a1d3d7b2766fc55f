"""What people do with commands: ask, confirm, refuse, withdraw, undo.

Four eyes: whoever asks for a command does not confirm it, by no other token of theirs either, and the same
holds for undoing. A channel of a device has one command at a time.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from alerts.cases.book import read_case
from alerts.cases.model import OPEN_STATES, Act, Case, Step
from alerts.commanding.book import (
    Deed,
    add_command,
    is_undone,
    live_commands,
    move_command,
    read_command,
)
from alerts.commanding.model import Command, Offered
from alerts.commanding.offering import Ground, Reached, newest, offers_of, reached_from
from alerts.commanding.states import (
    CONFIRM_WITHIN,
    SEND_WITHIN,
    UNDOABLE,
    CommandAct,
    CommandState,
)
from quotawatt.devicecommands import KINDS, require_kind, require_value, telegram
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.rulebook.proposal import person_of
from quotawatt.storage.jobs import COMMAND, add_job, withdraw_job


@dataclass(frozen=True, slots=True)
class Wanted:
    """A command that somebody asks for. ``value`` None: what the rule proposes, or none is taken."""

    command: str
    device: str
    channel: str = ""
    value: float | None = None


def ask(
    conn: Connection, number: int, wanted: Wanted, ground: Ground, act: Act
) -> tuple[Command, Step]:
    """Ask for a command that the case offers.

    Raises NotFoundError where there is no such case or offer, InputError for a wrong value, StateError where
    the case is over or the channel has a command already.
    """
    case = read_case(conn, number, lock=True)
    if case.state not in OPEN_STATES:
        raise StateError(f"a case must be open to ask for a command, got one {case.state.value}")
    require_kind(wanted.command)
    offered = _offer(conn, case, wanted, ground, act.at)
    _require_free(conn, offered.device, offered.channel)
    known = ground.catalogue[offered.family][offered.command]
    value = require_value(known, offered.value if wanted.value is None else wanted.value)
    draft = Command(
        id=0,
        case=number,
        asset=offered.asset,
        device=offered.device,
        channel=offered.channel,
        command=offered.command,
        state=CommandState.ASKED,
        asked_at=act.at,
        asked_by=act.actor,
        value=value,
        previous_value=offered.present,
    )
    return add_command(conn, case, draft, act, {"previous_value": offered.present})


def confirm(conn: Connection, number: int, ground: Ground, act: Act) -> tuple[Command, Step]:
    """Have a command sent that somebody else has asked for.

    It becomes a job that a collector does within ``SEND_WITHIN``, or nobody. Raises StateError where it does
    not wait for that, waited for too long, its case is over or its asker confirms it, NotFoundError where the
    device cannot be told any more.
    """
    case, command = _locked(conn, number)
    _require_another(command, act)
    if act.at >= command.asked_at + CONFIRM_WITHIN:
        since = command.asked_at.isoformat()
        raise StateError(f"a command must be confirmed in {CONFIRM_WITHIN}, got one of {since}")
    if command.undoes is None and case.state not in OPEN_STATES:
        raise StateError(f"a case must be open to send a command, got one {case.state.value}")
    _require_free(conn, command.device, command.channel, but=number)
    one = _reached(conn, command, ground, act.at)
    filled = telegram(one.command, command.device, command.channel, command.value)
    order = {
        "number": number,
        "family": one.family,
        "command": command.command,
        "device": command.device,
        "channel": command.channel,
        "value": command.value,
        "topic": filled.topic,
        "payload": filled.payload,
        "expires_at": (act.at + SEND_WITHIN).isoformat(),
        "answer_within_s": one.command.answer_within.total_seconds(),
    }
    job = add_job(conn, COMMAND, order, act.actor, act.at)
    changes = {"confirmed_at": act.at, "confirmed_by": act.actor, "job": job}
    told = {"topic": filled.topic, "payload": filled.payload}
    return move_command(conn, case, command, Deed(CommandAct.CONFIRM, changes, told), act)


def refuse(conn: Connection, number: int, act: Act) -> tuple[Command, Step]:
    """Say no to a command that is asked for. Raises InputError without a comment, StateError otherwise."""
    if not act.comment.strip():
        raise InputError("a command must be refused with a comment, got none")
    case, command = _locked(conn, number)
    deed = Deed(CommandAct.REFUSE, {"error": act.comment.strip()})
    return move_command(conn, case, command, deed, act)


def withdraw(conn: Connection, number: int, act: Act) -> tuple[Command, Step]:
    """Take a command back that was not sent yet. Raises StateError where it is being sent or was."""
    case, command = _locked(conn, number)
    sent = command.job is not None and not withdraw_job(conn, command.job, act.at, "withdrawn")
    if command.state is CommandState.CONFIRMED and sent:
        raise StateError(f"a command must not be on its way to be withdrawn, got {number}")
    return move_command(conn, case, command, Deed(CommandAct.WITHDRAW), act)


def undo(conn: Connection, number: int, ground: Ground, act: Act) -> tuple[Command, Step]:
    """Ask for what takes a command back; somebody else confirms that too. The case may be over by now.

    Raises StateError where the command was not sent, is taken back already, or changed nothing.
    """
    case, command = _locked(conn, number)
    if command.state not in UNDOABLE:
        states = " or ".join(sorted(UNDOABLE))
        raise StateError(f"a command must be {states} to be undone, got {command.state.value}")
    if is_undone(conn, number):
        raise StateError(f"a command must be undone once, got {number} again")
    kind = KINDS[command.command]
    back = KINDS[kind.undo]
    value = command.previous_value if back.takes_value else None
    if command.previous_value == (command.value if kind.takes_value else kind.expected):
        raise StateError(f"a command must have changed something to be undone, got {number}")
    _require_free(conn, command.device, command.channel)
    draft = replace(
        _anew(command),
        command=back.name,
        value=value,
        asked_at=act.at,
        asked_by=act.actor,
        undoes=number,
    )
    one = _reached(conn, draft, ground, act.at)
    require_value(one.command, value)
    heard = newest(ground.series, [one.key], act.at).get(one.key)
    present = None if heard is None else heard.value
    draft = replace(draft, previous_value=present)
    return add_command(conn, case, draft, act, {"previous_value": present})


def _anew(command: Command) -> Command:
    """A command to the same channel that is only asked for."""
    return Command(
        id=0,
        case=command.case,
        asset=command.asset,
        device=command.device,
        channel=command.channel,
        command=command.command,
        state=CommandState.ASKED,
        asked_at=command.asked_at,
        asked_by=command.asked_by,
    )


def _locked(conn: Connection, number: int) -> tuple[Case, Command]:
    """The command with its case, kept until the transaction ends; the case is locked first, always."""
    case = read_case(conn, read_command(conn, number).case, lock=True)
    return case, read_command(conn, number)


def _offer(conn: Connection, case: Case, wanted: Wanted, ground: Ground, now: datetime) -> Offered:
    place = (wanted.command, wanted.device, wanted.channel)
    for one in offers_of(conn, case, ground, now):
        if (one.command, one.device, one.channel) == place:
            return one
    raise NotFoundError(
        f"a command must be one that case {case.id} offers now, got {wanted.command} of "
        f"{wanted.device!r}, channel {wanted.channel!r}"
    )


def _require_free(conn: Connection, device: str, channel: str, but: int = 0) -> None:
    """Raise StateError where a channel has a command already. Keeps those of the device locked."""
    for other in live_commands(conn, device, lock=True):
        if other.channel == channel and other.id != but:
            raise StateError(
                f"a device's channel must have one command at a time, got {other.id} which is "
                f"{other.state.value}"
            )


def _require_another(command: Command, act: Act) -> None:
    if person_of(act.actor) == person_of(command.asked_by):
        raise StateError(
            f"a command must be confirmed by somebody other than who asked, got {act.actor}"
        )


def _reached(conn: Connection, command: Command, ground: Ground, now: datetime) -> Reached:
    """How the device is told now: it may be bound to something else, or its profile may have changed."""
    for one in reached_from(conn, command.asset, command.command, ground, now):
        if (one.binding.device, one.binding.channel) == (command.device, command.channel):
            return one
    raise NotFoundError(
        f"a device must be bound to {command.asset} and know {command.command}, got "
        f"{command.device!r}, channel {command.channel!r}"
    )
