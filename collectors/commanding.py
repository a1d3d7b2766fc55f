"""Sending commands to devices: jobs of kind ``command``, each published once over a connection of its own.

What was confirmed is what is sent: topic and payload are made anew by this process's profiles, and have to be
those of the job. Nothing is sent late: past its time a job ends unsent, a message that the broker has not
acknowledged dies with its connection, and by MQTT 5 the broker drops what a sleeping device has not taken.

A process that dies between publishing and noting it publishes again when its job is claimed anew. Commands
say what shall be, so that twice is as once.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from collectors.commandspecs import device_command
from collectors.making import ProfileFiles
from collectors.profile import load_all_profiles
from collectors.specs import Profile
from quotawatt.devicecommands import Catalogue, CatalogueSource, Telegram, telegram
from quotawatt.errors import InputError, QuotawattError, StoreError
from quotawatt.settings import Settings
from quotawatt.storage.jobs import COMMAND, Job, claim_job, end_job, renew_job

log = logging.getLogger(__name__)

Publish = Callable[[Settings, Telegram, float], bool]
"""Publishes a message that expires after so many seconds; whether it was acknowledged. See ``publishing``."""


def catalogue(profiles: Sequence[Profile]) -> Catalogue:
    """The commands of these profiles, by profile and name; profiles without any are left out."""
    return {
        profile.id: {name: device_command(name, spec) for name, spec in profile.commands.items()}
        for profile in profiles
        if profile.commands
    }


class ProfileCommands:
    """The commands of an installation's profiles, read anew when a file of its own is changed."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._files = ProfileFiles(folders)
        self._known: Catalogue | None = None

    def __call__(self) -> Catalogue:
        """By profile and name. Raises InputError where a profile is wrong."""
        if self._files.changed() or self._known is None:
            self._known = catalogue(load_all_profiles(self._folders))
        return self._known


@dataclass(frozen=True, slots=True)
class Order:
    """A job's arguments.

    telegram
        What was confirmed, word for word.
    expires_at
        From then on it is not sent any more.
    """

    family: str
    command: str
    device: str
    channel: str
    value: float | None
    telegram: Telegram
    expires_at: datetime

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> "Order":
        """Read from the arguments of a job. Raises InputError where they are not those of a command."""
        try:
            return cls(
                arguments["family"],
                arguments["command"],
                arguments["device"],
                arguments["channel"],
                arguments["value"],
                Telegram(arguments["topic"], arguments["payload"]),
                datetime.fromisoformat(arguments["expires_at"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"a job must have the arguments of a command, got {error!r}") from None


class Commander:
    """Sends the commands that were confirmed.

    worker
        Name under which jobs are claimed; no other process may have it at the same time.
    """

    def __init__(
        self,
        records: Engine,
        settings: Settings,
        worker: str,
        commands: CatalogueSource,
        publish: Publish,
    ) -> None:
        self._records = records
        self._settings = settings
        self._worker = worker
        self._commands = commands
        self._publish = publish

    def run(self, now: datetime) -> int:
        """Do all jobs that wait; returns how many ended. Raises StoreError where the record store fails."""
        ended = 0
        while (job := self._claim(now)) is not None:
            error = ""
            result: Mapping[str, Any] = job.result
            try:
                result = self._send(job, now)
            except QuotawattError as failure:
                error = str(failure)
                log.warning("command of job %s was not sent: %s", job.id, failure)
            with self._records.begin() as conn:
                end_job(conn, job, now, result, error)
            ended += 1
        return ended

    def _claim(self, now: datetime) -> Job | None:
        with self._records.begin() as conn:
            return claim_job(conn, (COMMAND,), self._worker, now)

    def _send(self, job: Job, now: datetime) -> Mapping[str, Any]:
        """Publish it; what the job says of it. Raises InputError, and StoreError of the broker."""
        order = Order.of(job.arguments)
        left_s = (order.expires_at - now).total_seconds()
        if left_s <= 0:
            # A process that died may have sent it before: then its answer is still to be looked for.
            return job.result or {"expired": True}
        self._require_confirmed(order)
        begun = job.result or {"sent_at": now.isoformat()}
        with self._records.begin() as conn:
            if not renew_job(conn, job, now, begun):
                raise StoreError(f"a job must be its worker's, got {job.id} of another")
        acknowledged = self._publish(self._settings, order.telegram, left_s)
        return {"sent_at": now.isoformat(), "acknowledged": acknowledged}

    def _require_confirmed(self, order: Order) -> None:
        """Raise InputError unless this process would send the same by its settings and profiles."""
        if not self._settings.commands_enabled:
            raise InputError("setting QUOTAWATT_COMMANDS_ENABLED: must be true to send, got false")
        known = self._commands().get(order.family, {}).get(order.command)
        if known is None:
            raise InputError(
                f"a command must be one of the device's profile, got {order.command} of {order.family}"
            )
        ours = telegram(known, order.device, order.channel, order.value)
        if ours != order.telegram:
            raise InputError(
                f"a command must be sent as it was confirmed, got {ours.topic} {ours.payload} "
                f"in place of {order.telegram.topic} {order.telegram.payload}"
            )
