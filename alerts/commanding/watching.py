"""What becomes of commands by themselves: sent, answered by a reading, timed out, expired, failed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts.cases.book import read_cases
from alerts.cases.model import OPEN_STATES, Act, Case, Step
from alerts.commanding.book import Deed, live_commands, move_command
from alerts.commanding.model import Command
from alerts.commanding.offering import Heard
from alerts.commanding.states import CONFIRM_WITHIN, SEND_WITHIN, CommandAct, CommandState
from quotawatt.devicecommands import KINDS
from quotawatt.errors import NotFoundError
from quotawatt.readings import SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.jobs import Job, read_job, withdraw_job
from quotawatt.storage.port import SeriesStore

ACTOR = "commands"
"""Who the ledger names for what happens to a command by itself."""

CLOCKS_DIFFER = timedelta(seconds=2)
"""A reading may be so much older than the sending by the device's clock and still be its answer."""

_AS_GOOD = 1e-6


def watch(conn: Connection, series: SeriesStore, now: datetime) -> list[Step]:
    """Look after every command that something may happen to; returns the steps of their cases.

    ``conn`` comes from ``engine.begin()``. Costs one look-up where there is none. Raises StoreError where a
    store fails.
    """
    # Whoever changes a command locks its case first.
    cases = read_cases(conn, [command.case for command in live_commands(conn)], lock=True)
    steps = []
    for command in (one for one in live_commands(conn) if one.case in cases):
        deed = _deed(conn, command, cases[command.case], series, now)
        if deed is not None:
            _, step = move_command(conn, cases[command.case], command, deed, Act(ACTOR, now))
            cases[command.case] = step.case
            steps.append(step)
    return steps


def _deed(
    conn: Connection, command: Command, case: Case, series: SeriesStore, now: datetime
) -> Deed | None:
    if command.state is CommandState.ASKED:
        return expiry(command, case, now)
    if command.state is CommandState.CONFIRMED:
        return _sending(conn, command, now)
    return outcome(command, _heard(series, command, now), now)


def expiry(command: Command, case: Case, now: datetime) -> Deed | None:
    """What a request comes to that nobody has confirmed: nothing yet, or its end."""
    if now >= command.asked_at + CONFIRM_WITHIN:
        return _ended(CommandAct.EXPIRE, f"nobody has confirmed it in {CONFIRM_WITHIN}")
    if command.undoes is None and case.state not in OPEN_STATES:
        return _ended(CommandAct.EXPIRE, f"its case is {case.state.value}")
    return None


def _sending(conn: Connection, command: Command, now: datetime) -> Deed | None:
    """What the job of a confirmed command has come to. One that nobody has taken in time is called off."""
    try:
        job = read_job(conn, command.job or 0)
    except NotFoundError as error:
        return _ended(CommandAct.FAIL, str(error))
    if job.ended:
        return sending(job)
    late = now >= (command.confirmed_at or now) + SEND_WITHIN
    if late and withdraw_job(conn, job.id, now, "expired"):
        return _ended(CommandAct.EXPIRE, f"no collector has sent it in {SEND_WITHIN}")
    return None


def sending(job: Job) -> Deed:
    """What a job that has ended makes of its command."""
    if job.error:
        return _ended(CommandAct.FAIL, job.error)
    if job.result.get("expired"):
        return _ended(CommandAct.EXPIRE, f"no collector has sent it in {SEND_WITHIN}")
    sent_at = datetime.fromisoformat(job.result["sent_at"])
    within = timedelta(seconds=job.arguments["answer_within_s"])
    changes = {"sent_at": sent_at, "answer_until": sent_at + within}
    told = {"acknowledged": bool(job.result.get("acknowledged"))}
    return Deed(CommandAct.SEND, changes, told)


def outcome(command: Command, heard: Sequence[Heard], now: datetime) -> Deed | None:
    """What the readings since a command was sent say: answered, nothing yet, or too late."""
    wanted = expected(command)
    answer = next((one for one in heard if abs(one.value - wanted) <= _AS_GOOD), None)
    until = command.answer_until or now
    if answer is not None and answer.time <= until:
        changes = {"answered_at": answer.time, "answer": _plain(answer)}
        return Deed(CommandAct.ANSWER, changes, {"answer": _plain(answer)})
    if now < until:
        return None
    last = _plain(heard[-1]) if heard else {}
    said = f"the device says {last['value']:.15g}" if last else "the device says nothing"
    error = f"{KINDS[command.command].quantity} must be {wanted:.15g}, {said}"
    return Deed(CommandAct.TIME_OUT, {"answer": last, "error": error}, {"answer": last})


def expected(command: Command) -> float:
    """What the reading must be that answers."""
    kind = KINDS[command.command]
    return float(command.value or 0.0) if kind.expected is None else kind.expected


def _heard(series: SeriesStore, command: Command, now: datetime) -> list[Heard]:
    """Readings of what the command changes, since it was sent, in order."""
    quantity = KINDS[command.command].quantity
    since = (command.sent_at or now) - CLOCKS_DIFFER
    until = max(now, since) + timedelta(microseconds=1)
    key = SeriesKey(command.device, command.channel, quantity)
    rows = series.read_values([key], Span(since, until)).to_pylist()
    return [Heard(row["time"], row["value"]) for row in rows]


def _plain(heard: Heard) -> Mapping[str, object]:
    return {"time": heard.time.isoformat(), "value": heard.value}


def _ended(act: CommandAct, why: str) -> Deed:
    return Deed(act, {"error": why}, {"why": why})
