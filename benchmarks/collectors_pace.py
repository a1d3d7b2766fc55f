"""The pace at which messages are done, and how busy processes are meanwhile."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import psutil

from quotawatt.errors import StateError

SHARE_MEASURED = 0.9
STALL_S = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages a second, and how many processor cores each named process used meanwhile."""

    messages_per_s: float
    cores: Mapping[str, float]


class _Mark(NamedTuple):
    at_s: float
    done: int
    cpu_s: dict[str, float]


def pace_of_rest(
    done: Callable[[], int],
    total: int,
    poll_s: float,
    processes: Mapping[str, Sequence[int]],
    quiet_limit_s: float | None = None,
) -> Pace:
    """The pace over the last nine tenths of ``total``, so that starting up does not count.

    done
        How many are done by now; asked again and again.
    processes
        Identifiers of processes by name; their children count with them.
    quiet_limit_s
        Where nothing more comes for so long, the rest is taken for lost. None: that is an error.

    Raises StateError where it comes to no end.
    """
    first: _Mark | None = None
    last = _Mark(time.monotonic(), 0, {})
    while last.done < total:
        time.sleep(poll_s)
        count, now = done(), time.monotonic()
        if count > last.done:
            last = _Mark(now, count, _cpu_s(processes))
            if first is None and count >= total * (1 - SHARE_MEASURED):
                first = last
        elif quiet_limit_s is not None and first and now > last.at_s + quiet_limit_s:
            break
        elif now > last.at_s + STALL_S:
            raise StateError(
                f"{total} messages must be done, but nothing more was for {STALL_S:.0f} s:"
                f" {count} are"
            )
    assert first is not None  # it was counted to the total
    seconds = max(last.at_s - first.at_s, poll_s)
    cores = {name: (last.cpu_s[name] - first.cpu_s[name]) / seconds for name in processes}
    return Pace((last.done - first.done) / seconds, cores)


def _cpu_s(processes: Mapping[str, Sequence[int]]) -> dict[str, float]:
    """Processor seconds that the processes and their children have used."""
    found = {}
    for name, identifiers in processes.items():
        parents = [psutil.Process(identifier) for identifier in identifiers]
        everyone = [*parents, *(child for p in parents for child in p.children(recursive=True))]
        found[name] = sum(_used_s(process) for process in everyone)
    return found


def _used_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
