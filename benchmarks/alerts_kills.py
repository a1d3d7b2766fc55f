"""Killed while it fires, sends and takes acknowledgements: nothing lost, nothing doubled, all delivered.

A system with the roles ``alert`` and ``api`` is killed again and again and starts anew on the same stores.
Meanwhile results go on to come, somebody acknowledges cases by HTTP, and the receiver of messages fails half
the time. The last system lives until everything is told; then what is kept is compared with the truth.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from random import Random

from benchmarks.alerts_kills_audit import Audit, audit, settled
from benchmarks.alerts_kills_others import Acknowledger, Receiver, receiving
from benchmarks.alerts_kills_victim import Victim
from benchmarks.alerts_kills_world import Place, breaching_after, prepare
from benchmarks.ports import free_port
from benchmarks.register_rig import POSTGRESQL, SQLITE, Home, Homes
from benchmarks.report import Figure
from quotawatt.storage.records import open_records

KILLS, QUICK_KILLS, POSTGRESQL_KILLS = 50, 5, 10
SETTLES_WITHIN_S = 60.0
_LIVES_S = (0.1, 2.0)
_LOOK_S = 0.3
_SEED = 7

_NAMES = {
    "lost": "breaches without a case",
    "false": "cases that say so of what does not breach",
    "doubled_cases": "cases doubled",
    "doubled_notices": "notices doubled",
    "doubled_entries": "beginnings and deliveries doubled in the ledger",
    "untold": "cases and channels that no delivered message tells of",
    "undelivered": "messages not delivered",
    "unreceived": "messages noted delivered that never came",
    "strange": "keys that came and are no message's",
    "changed": "messages of which another body came",
    "unacknowledged": "acknowledgements answered and lost, or doubled",
    "ledger_faults": "faults of the ledger",
}


@dataclass
class Toll:
    """What was seen over all kills.

    while_sending, while_acknowledging
        Kills that fell upon a request to the receiver, an acknowledgement under way.
    repeated
        Keys that the receiver took more than once.
    settled_s
        From the last kill until everything was told; NaN: it was not.
    """

    kills: int = 0
    unserved: int = 0
    while_sending: int = 0
    while_acknowledging: int = 0
    breaches: int = 0
    messages: int = 0
    requests: int = 0
    repeated: int = 0
    acknowledged: int = 0
    settled_s: float = float("nan")
    found: Audit | None = field(default=None)


def kills_figures(quick: bool, homes: Homes) -> Iterator[Figure]:
    """Many kills over SQLite, fewer over PostgreSQL."""
    yield from _figures(homes.fresh(SQLITE), QUICK_KILLS if quick else KILLS)
    if not quick:
        yield from _figures(homes.fresh(POSTGRESQL), POSTGRESQL_KILLS)


def kill_often(home: Home, kills: int, seed: int = _SEED) -> Toll:
    """Kill a system over the home so many times, let it settle, and look what came of it."""
    toll = Toll()
    with receiving(seed) as receiver:
        place = Place(home.folder, home.url, free_port(), receiver.url, time.time())
        prepare(place)
        acknowledger = Acknowledger(place.api_port, seed)
        acknowledger.start()
        try:
            written = _kill(place, kills, Random(seed), toll, receiver, acknowledger)
        finally:
            acknowledger.stop()
        _settle(place, written, toll, receiver, acknowledger.answered)
    return toll


def _kill(
    place: Place,
    kills: int,
    chance: Random,
    toll: Toll,
    receiver: Receiver,
    acknowledger: Acknowledger,
) -> int:
    """How many steps are said to be written in the end."""
    written = 0
    for _ in range(kills):
        victim = Victim(place, written)
        toll.unserved += not victim.wait_until_served()
        time.sleep(chance.uniform(*_LIVES_S))
        toll.while_sending += receiver.busy > 0
        toll.while_acknowledging += acknowledger.busy
        victim.kill()
        toll.kills += 1
        written = victim.written
    return written


def _settle(
    place: Place, written: int, toll: Toll, receiver: Receiver, acknowledged: list[int]
) -> None:
    """Let a last system come to rest; it writes again what may have been cut off."""
    breaching = breaching_after(written + 1)
    records = open_records(place.records_url, place.home)
    began = time.monotonic()
    victim = Victim(place, written, written + 1)
    try:
        toll.unserved += not victim.wait_until_served()
        while time.monotonic() - began < SETTLES_WITHIN_S:
            time.sleep(_LOOK_S)
            if settled(records, breaching):
                toll.settled_s = time.monotonic() - began
                break
    finally:
        victim.kill()
    toll.found = audit(records, breaching, receiver, acknowledged)
    records.dispose()
    toll.breaches, toll.acknowledged = len(breaching), len(acknowledged)
    toll.messages, toll.requests = len(receiver.bodies), receiver.came
    toll.repeated = sum(times > 1 for times in receiver.taken.values())


def _figures(home: Home, kills: int) -> Iterator[Figure]:
    toll = kill_often(home, kills)
    assert toll.found is not None
    name = f"killed {kills} times, {home.store}"
    yield Figure(name, toll.kills, "times", at_least=kills)
    yield Figure(f"{name}: while a message was on its way", toll.while_sending, "times")
    yield Figure(f"{name}: while acknowledging", toll.while_acknowledging, "times")
    yield Figure(f"{name}: systems that did not start again", toll.unserved, "times", at_most=0)
    yield Figure(f"{name}: breaches", toll.breaches, "meters")
    yield Figure(f"{name}: messages that came by webhook", toll.messages, "keys")
    yield Figure(f"{name}:   requests that brought them", toll.requests, "requests")
    yield Figure(f"{name}:   taken more than once, under their key", toll.repeated, "keys")
    yield Figure(f"{name}: acknowledgements answered 200", toll.acknowledged, "cases")
    yield Figure(f"{name}: until all was told", toll.settled_s, "s", at_most=SETTLES_WITHIN_S)
    for field_name, times in asdict(toll.found).items():
        yield Figure(f"{name}: {_NAMES[field_name]}", times, "", at_most=0)
