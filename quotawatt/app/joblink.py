"""Waiting for a job: done by a running system, else by this very process."""

import os
import socket
import time
from typing import Any

from rich.status import Status

from quotawatt.app.client import call, is_served
from quotawatt.app.console import stderr
from quotawatt.app.home import home_clock
from quotawatt.app.texts import text
from quotawatt.errors import StateError
from quotawatt.settings import Settings

_ASK_EVERY_S = 0.3
TAKEN_UP_WITHIN_S = 120.0
"""So long it is waited for a collector: twice the lease of one that may have died over another job."""
_ENDED = ("done", "failed")


def wait_for_job(settings: Settings, number: int) -> dict[str, Any]:
    """See a job through and return it; shows on the terminal how far it is.

    Where a system is served on the home folder its collector does the job; where none is, this process
    does. Raises StateError where the job failed, or no collector takes it up.
    """
    gives_up_s = time.monotonic() + TAKEN_UP_WITHIN_S
    with stderr.status("") as status:
        while (job := _ask(settings, number))["state"] not in _ENDED:
            _show(status, job, settings)
            if job["state"] == "waiting" and time.monotonic() > gives_up_s:
                rule = f"a collector must take up a job within {TAKEN_UP_WITHIN_S:.0f} s"
                raise StateError(f"{rule}, got none for job {number}; it is done once one runs")
            if not is_served(settings.home):
                _work(settings)
            time.sleep(_ASK_EVERY_S)
    if job["state"] == "failed":
        raise StateError(f"a job must succeed, but job {number} says: {job['error']}")
    return job


def _ask(settings: Settings, number: int) -> dict[str, Any]:
    job: dict[str, Any] = call(settings, home_clock(settings.home), "GET", f"/api/v1/jobs/{number}")
    return job


def _show(status: Status, job: dict[str, Any], settings: Settings) -> None:
    far = ", ".join(f"{name} {value}" for name, value in job["result"].items())
    status.update(f"{text('job_' + job['state'], settings.language)} {far}")


def _work(settings: Settings) -> None:
    """Do what jobs there are in this process, with the stores of the home folder."""
    from quotawatt.app.system import open_system

    system = open_system(settings, home_clock(settings.home))
    try:
        # Nobody else's name: by it a job that was broken off would be taken up again at once.
        chores = system.chores(f"command line {socket.gethostname()} {os.getpid()}")
        while chores.step():
            pass
    finally:
        system.close()
