"""Waiting for a job: done by a running system, else by this very process."""

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
_ENDED = ("done", "failed")


def wait_for_job(settings: Settings, number: int) -> dict[str, Any]:
    """See a job through and return it; shows on the terminal how far it is.

    Where a system is served on the home folder its collector does the job; where none is, this process
    does. Raises StateError where the job failed.
    """
    with stderr.status("") as status:
        while (job := _ask(settings, number))["state"] not in _ENDED:
            _show(status, job, settings)
            if not is_served(settings.home):
                _work(settings)
            time.sleep(_ASK_EVERY_S)
    if job["state"] == "failed":
        raise StateError(f"a job must not fail, got {job['error']} from job {number}")
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
        chores = system.chores("command line")
        while chores.step():
            pass
    finally:
        system.close()
