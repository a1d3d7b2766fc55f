"""Where a collector's processor time goes, by part.

``python -m benchmarks.collectors_parts --messages N`` runs the collector of the environment's settings in
this process until so many messages are taken, and prints the microseconds that each part used a message.
Every two milliseconds it looks at the stack of each thread; the time that the thread used since the last
look (``/proc/self/task/.../schedstat``, nanoseconds) counts for the innermost frame that belongs to a
part. What the process used beside its Python threads is that of native libraries' own threads. Waiting,
for the broker or for a disk, uses no time. The looking itself makes the whole a little slower.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from benchmarks.collectors_rates import fresh_influx, loaded_broker, work_folder
from benchmarks.collectors_rig import (
    LIMIT_S,
    TOPIC,
    bind_devices,
    collector_settings,
    environment,
    until,
)
from quotawatt.app.system import open_system
from quotawatt.clock import system_clock
from quotawatt.settings import load_settings

_LOOK_S = 0.002
_NAME = "parts"

PARTS: Mapping[str, tuple[str, ...]] = {
    "acknowledge": ("session.py:acknowledge",),
    "receive": (
        "/collectors/session", "/collectors/buffered", "/collectors/packets", "/collectors/inbox",
        "/collectors/tls", "/paho/mqtt",
    ),
    "batch and check": (
        "/collectors/collector", "/collectors/pipeline", "/collectors/intake", "/collectors/batch",
        "/quotawatt/plausibility", "/collectors/flood",
    ),
    "series store": ("/storage/duckdb", "/storage/influx", "/storage/resolution", "/storage/frames"),
    "record store": (
        "/quotawatt/storage/", "/sqlalchemy/", "/quotawatt/register/", "/collectors/deadletters",
        "/collectors/unknown", "/collectors/notes", "/collectors/chores", "/collectors/replay",
    ),
    "decode": ("/collectors/",),
}  # fmt: skip
"""Parts by file, or file and function. The first that fits a frame has it."""

OTHER = "other"
NATIVE = "native threads"
_OWN = "looking"


def where_time_goes(messages: int, influx: bool = False) -> dict[str, float]:
    """Microseconds a message that each part of one collector uses, the greatest first.

    influx
        Into InfluxDB instead of DuckDB.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(work_folder())
        others = stack.enter_context(fresh_influx(folder)).settings if influx else {}
        broker = stack.enter_context(loaded_broker(folder, messages, {_NAME: TOPIC}))
        settings = collector_settings(folder / _NAME, broker, _NAME, **others)
        bind_devices(settings)
        command = [sys.executable, "-m", "benchmarks.collectors_parts", "--messages", str(messages)]
        done = subprocess.run(
            command,
            env=os.environ | environment(settings),
            stdout=subprocess.PIPE,
            check=True,
            timeout=LIMIT_S,
        )
    used: dict[str, float] = json.loads(done.stdout)
    return used


def part_of(frame: FrameType | None) -> str:
    """The part that a stack is in."""
    while frame is not None:
        place = _place(frame)
        for part, fragments in PARTS.items():
            if any(fragment in place for fragment in fragments):
                return part
        frame = frame.f_back
    return OTHER


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}:{frame.f_code.co_name}"


def main(arguments: list[str]) -> int:
    """Run the collector of the environment's settings and look at it."""
    parser = argparse.ArgumentParser(prog="benchmarks.collectors_parts")
    parser.add_argument("--messages", type=int, required=True)
    messages = parser.parse_args(arguments).messages
    system = open_system(load_settings(), system_clock)
    collector = system.collector()
    used_ns: Counter[str] = Counter()
    done = threading.Event()
    looker = threading.Thread(target=_look, args=(used_ns, done), daemon=True)
    began_ns = time.process_time_ns()
    looker.start()
    collector.start()
    try:
        until(lambda: collector.processed >= messages, "all messages must be taken in")
    finally:
        done.set()
        looker.join()
        ended_ns = time.process_time_ns()
        collector.stop()
        system.close()
    own_ns = used_ns.pop(_OWN)
    used_ns[NATIVE] = ended_ns - began_ns - own_ns - sum(used_ns.values())
    found = {part: ns / 1000 / messages for part, ns in used_ns.most_common()}
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def _look(used_ns: Counter[str], done: threading.Event) -> None:
    """Add up what each part uses; under _OWN what looking and waiting for the end use."""
    known: dict[int, int] = {}
    own = {threading.current_thread(), threading.main_thread()}
    while not done.is_set():
        time.sleep(_LOOK_S)
        frames = sys._current_frames()
        for thread in threading.enumerate():
            now_ns = _thread_ns(thread)
            before_ns = known.get(thread.native_id or 0, now_ns if thread in own else 0)
            known[thread.native_id or 0] = now_ns
            part = _OWN if thread in own else part_of(frames.get(thread.ident or 0))
            used_ns[part] += now_ns - before_ns


def _thread_ns(thread: threading.Thread) -> int:
    """Processor time of a thread; 0 where it has ended."""
    try:
        return int(Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text().split()[0])
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
