"""The system that is killed: roles ``alert`` and ``api`` as ``quotawatt serve`` runs them, fed with results.

It runs in a process of its own, made by a server of processes that has loaded the program already: a start
takes a fraction of a second.
"""

import logging
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection

from benchmarks.alerts_kills_world import LAST_STEP, Place, results_of
from quotawatt.app.roles import Role, RunningRoles, make_server
from quotawatt.app.system import open_system
from quotawatt.readings import Grain
from quotawatt.storage.result_marks import MarkingSeriesStore

_STEP_EVERY_S = 0.05
_LOADED = [
    "benchmarks.alerts_kills_victim",
    "quotawatt.app.server",
    "api.app",
    "api.services",
    "alerts.service",
    "alerts.channels.making",
    "alerts.delivery.worker",
    "alerts.delivery.addressing",
]
_processes = get_context("forkserver")
_processes.set_forkserver_preload(_LOADED)


class Victim:
    """The process that is killed. ``written``: the steps that it said to have written, from ``first``."""

    def __init__(self, place: Place, first: int, steps: int = LAST_STEP) -> None:
        """Start it; it goes on at step ``first`` and writes none from ``steps`` on."""
        self._hears, says = _processes.Pipe(duplex=False)
        self._process = _processes.Process(target=live, args=(place, first, steps, says))
        self._process.start()
        says.close()
        self.written = first

    def wait_until_served(self) -> bool:
        """Wait until the API answers; False where the process ended before."""
        return self._hear(None)

    def kill(self) -> None:
        """SIGKILL; then take over what it had said."""
        self._process.kill()
        self._process.join()
        while self._hear(0.0):
            pass
        self._hears.close()

    def _hear(self, wait_s: float | None) -> bool:
        try:
            if not self._hears.poll(wait_s):
                return False
            self.written = max(self.written, self._hears.recv())
        except (EOFError, OSError):
            return False
        return True


def live(place: Place, first: int, steps: int, says: Connection) -> None:
    """Serve until killed; says how many steps are written, the first time once it serves."""
    logging.basicConfig(filename=place.home / "victim.log", level=logging.WARNING)
    system = open_system(place.settings(), lambda: place.clock_at(time.time()))
    running = RunningRoles(system, {Role.ALERT, Role.API})
    server = make_server(system, running)
    assert server is not None
    server.start()
    running.start()
    says.send(first)
    results = MarkingSeriesStore(system.series, system.records)
    for step in range(first, steps):
        results.write_results(Grain.DAY, results_of(step))
        says.send(step + 1)
        time.sleep(_STEP_EVERY_S)
    while True:
        time.sleep(60)
