"""The work of ``ledger verify`` and ``ledger heads``: walking the chain, and holding heads against it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.progress import Progress

from quotawatt.app.client import call
from quotawatt.app.console import local_time, stderr, stdout
from quotawatt.app.home import home_clock
from quotawatt.app.texts_ledger import ledger_text
from quotawatt.clock import system_clock
from quotawatt.errors import InputError
from quotawatt.ledger.chain import FAULTS_LIMIT
from quotawatt.ledger.heads import SignedHead, check_heads, missing_days, read_heads
from quotawatt.ledger.keys import VerifyingKey, verifying_key
from quotawatt.settings import Settings

_PART = 100_000
_ASKED_AT_ONCE = 200
_SHOWN_DAYS = 20


def walk_chain(settings: Settings) -> tuple[int, list[Mapping[str, Any]]]:
    """Walk the chain part by part with progress; how many entries there are, and what does not hold."""
    found: list[Mapping[str, Any]] = []
    params: dict[str, Any] = {"limit": _PART}
    with Progress(console=stderr, transient=True) as progress:
        task = progress.add_task(ledger_text("checking", settings.language), total=None)
        while True:
            part = ask(settings, "/verify", params)
            progress.update(task, total=part["head"], completed=part["seq"])
            found += part["findings"]
            if part["complete"] or len(found) >= FAULTS_LIMIT:
                return part["seq"], found
            params.update(after=part["seq"], after_hash=part["hash"])


def hold_heads(
    settings: Settings, folders: Sequence[Path], keys: Sequence[Path]
) -> list[Mapping[str, Any]]:
    """Hold the heads of the folders against the chain, and say what agrees; what does not is returned.

    Without ``keys`` it is done with the system's own. Raises InputError where one cannot be read.
    """
    heads = list(chain.from_iterable(read_heads(folder) for folder in folders))
    sound = list({head for _, head in heads if isinstance(head, SignedHead)})
    if not heads:
        say("no_heads", settings)
        return []
    trusted = [read_key(path) for path in keys]
    if not trusted:
        say("own_key", settings)
        trusted = [verifying_key(ask(settings, "/key", {})["pem"].encode())]
    hashes = _hashes(settings, sorted({head.count for head in sound}))
    found = check_heads(heads, trusted, hashes.get)
    if not found:
        first = min(head.at for head in sound).isoformat()
        say(
            "heads_hold",
            settings,
            count=len(sound),
            first=local_time(first, ZoneInfo(settings.timezone)),
        )
    say_missing(sound, settings)
    return [asdict(finding) for finding in found]


def _hashes(settings: Settings, counts: list[int]) -> dict[int, str]:
    """Hashes of the entries of these numbers, and of the beginning."""
    found = {0: "0" * 64}
    for first in range(0, len(counts), _ASKED_AT_ONCE):
        asked = {"seq": counts[first : first + _ASKED_AT_ONCE], "limit": _ASKED_AT_ONCE}
        found |= {item["seq"]: item["hash"] for item in ask(settings, "", asked)["items"]}
    return found


def say_missing(heads: list[SignedHead], settings: Settings) -> None:
    """Say of which days there is no head."""
    days = missing_days(heads, system_clock().date())
    if days:
        shown = ", ".join(day.isoformat() for day in days[:_SHOWN_DAYS])
        more = " …" if len(days) > _SHOWN_DAYS else ""
        say("missing_days", settings, count=len(days), days=shown + more)


def read_key(path: Path) -> VerifyingKey:
    """A public key. Raises InputError where the file cannot be read or holds none."""
    try:
        return verifying_key(path.read_bytes())
    except OSError as error:
        raise InputError(f"a public key must be readable, got {path} ({error.strerror})") from None


def say(key: str, settings: Settings, **values: object) -> None:
    """Print a line of ``texts_ledger`` in the reader's language."""
    line = ledger_text(key, settings.language, **values)
    stdout.print(line, markup=False, highlight=False, soft_wrap=True)


def ask(settings: Settings, path: str, params: Mapping[str, Any]) -> Any:
    """What the ledger's routes answer; see ``client.call``."""
    clock = home_clock(settings.home)
    return call(settings, clock, "GET", f"/api/v1/ledger{path}", params=params)
