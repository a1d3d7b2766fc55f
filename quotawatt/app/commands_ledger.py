"""``ledger``: who did what; that nobody altered it; evidence packs and signed heads."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.progress import Progress

from quotawatt.app.client import call, download
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    local_time,
    printable,
    settings_for,
    show_json,
    stderr,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.ledger_tables import print_entries, print_heads
from quotawatt.app.texts_ledger import finding_line, ledger_text
from quotawatt.clock import system_clock
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.ledger.chain import FAULTS_LIMIT
from quotawatt.ledger.heads import SignedHead, check_heads, missing_days, read_heads
from quotawatt.ledger.keys import VerifyingKey, verifying_key
from quotawatt.ledger.outside import head_folders
from quotawatt.ledger.pack_check import check_pack
from quotawatt.settings import Settings

_PART = 20_000
_ASKED_AT_ONCE = 200
_SHOWN_DAYS = 20

FromOption = Annotated[str | None, typer.Option("--from", help="Day or instant, ISO 8601.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="End, not included.")]
ActorOption = Annotated[str, typer.Option("--actor", help="Who did it.")]
ActionOption = Annotated[str, typer.Option("--action", help="What was done.")]
SubjectOption = Annotated[str, typer.Option("--subject", help="Code of an asset, or another name.")]
KeyOption = Annotated[
    Path | None, typer.Option("--key", help="Public key (PEM) that you were given before.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="The record of who did what.", no_args_is_help=True)
    group.command("list")(ledger_list)
    group.command("show")(ledger_show)
    group.command("verify")(ledger_verify)
    group.command("export")(ledger_export)
    group.command("check-pack")(ledger_check_pack)
    group.command("key")(ledger_key)
    group.command("heads")(ledger_heads)
    app.add_typer(group, name="ledger")


def ledger_list(
    start: FromOption = None,
    until: UntilOption = None,
    actor: ActorOption = "",
    action: ActionOption = "",
    subject: SubjectOption = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 50,
    before: Annotated[int | None, typer.Option("--before", help="Only before this number.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List entries, the latest first."""
    settings = settings_for(home, language)
    wanted = {"actor": actor, "action": action, "subject": subject}
    params = {**wanted, "from": start, "until": until, "limit": limit, "before": before}
    items = _get(settings, "", params)["items"]
    if as_json:
        show_json(items)
    else:
        print_entries(items, settings)


def ledger_show(
    number: Annotated[int, typer.Argument(help="Number of the entry.")], home: HomeOption = None
) -> None:
    """Show an entry with all that it says, as JSON."""
    entry = _get(settings_for(home), f"/{number}", {})
    typer.echo(json.dumps(entry, ensure_ascii=False, indent=2))


def ledger_verify(
    heads: Annotated[
        Path | None, typer.Option("--heads", help="Folder of signed heads kept elsewhere.")
    ] = None,
    key: KeyOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Check the chain, and signed heads against it; status 1 where it does not hold."""
    settings = settings_for(home, language)
    count, found = _walk(settings)
    if heads is not None:
        found += _check_heads(settings, heads, key)
    _end(found, settings)
    _say("holds", settings, count=count)


def ledger_export(
    file: Annotated[Path, typer.Argument(help="The ZIP file to write.")],
    start: FromOption = None,
    until: UntilOption = None,
    actor: ActorOption = "",
    action: ActionOption = "",
    subject: SubjectOption = "",
    readings: Annotated[bool, typer.Option(help="Readings and results of the assets, too.")] = True,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write an evidence pack for an audit."""
    settings = settings_for(home, language)
    wanted = {"actor": actor, "action": action, "subject": subject, "readings": readings}
    order = {**wanted, "from": start, "until": until}
    raw = download(settings, home_clock(settings.home), "/api/v1/ledger/export", order)
    try:
        file.write_bytes(raw)
    except OSError as error:
        raise InputError(f"a pack must be writable, got {file} ({error.strerror})") from None
    _say("pack_written", settings, file=file, bytes=len(raw))


def ledger_check_pack(
    file: Annotated[Path, typer.Argument(help="An evidence pack.")],
    key: KeyOption = None,
    language: LanguageOption = None,
) -> None:
    """Check an evidence pack, without the system that it comes from; status 1 where it does not hold."""
    settings = settings_for(None, language)
    report = check_pack(file, [_read_key(key)] if key is not None else ())
    _end([asdict(finding) for finding in report.findings], settings)
    if report.own_key:
        _say("pack_own_key", settings)
    said = report.manifest
    _say(
        "pack_holds",
        settings,
        entries=said["entries"],
        first=said["start"]["seq"] + 1,
        last=said["end"]["seq"],
        heads=report.heads,
        oldest=_local(_iso(report.oldest_head), settings),
    )


def ledger_key(home: HomeOption = None) -> None:
    """Print the public key that heads and packs are signed with: give it to your auditor."""
    typer.echo(_get(settings_for(home), "/key", {})["pem"], nl=False)


def ledger_heads(
    folder: Annotated[Path | None, typer.Argument(help="Default: those of the settings.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the signed heads of a folder, and days without one."""
    settings = settings_for(home, language)
    known: list[SignedHead] = []
    for place in [folder] if folder is not None else head_folders(settings):
        for _, head in read_heads(place):
            if isinstance(head, SignedHead):
                known.append(head)
            else:
                stderr.print(printable(finding_line(asdict(head), settings.language)), markup=False)
    ordered = sorted(dict.fromkeys(known), key=lambda head: (head.at, head.key))
    if as_json:
        show_json(json.loads(head.as_json()) for head in ordered)
    else:
        print_heads(ordered, settings)
        _say_missing(ordered, settings)


def _walk(settings: Settings) -> tuple[int, list[Mapping[str, Any]]]:
    """Walk the chain part by part with progress; how many entries there are, and what does not hold."""
    found: list[Mapping[str, Any]] = []
    params: dict[str, Any] = {"limit": _PART}
    with Progress(console=stderr, transient=True) as progress:
        task = progress.add_task(ledger_text("checking", settings.language), total=None)
        while True:
            part = _get(settings, "/verify", params)
            progress.update(task, total=part["head"], completed=part["seq"])
            found += part["findings"]
            if part["complete"] or len(found) >= FAULTS_LIMIT:
                return part["seq"], found
            params.update(after=part["seq"], after_hash=part["hash"])


def _check_heads(settings: Settings, folder: Path, key: Path | None) -> list[Mapping[str, Any]]:
    heads = list(read_heads(folder))
    sound = [head for _, head in heads if isinstance(head, SignedHead)]
    if not heads:
        return [asdict(Finding("ledger_head_unreadable", str(folder)))]
    if key is None:
        _say("own_key", settings)
        trusted = verifying_key(_get(settings, "/key", {})["pem"].encode())
    else:
        trusted = _read_key(key)
    hashes = _hashes(settings, sorted({head.count for head in sound}))
    found = check_heads(heads, [trusted], hashes.get)
    if not found:
        first = min(head.at for head in sound).isoformat()
        _say("heads_hold", settings, count=len(sound), first=_local(first, settings))
    _say_missing(sound, settings)
    return [asdict(finding) for finding in found]


def _hashes(settings: Settings, counts: list[int]) -> dict[int, str]:
    """Hashes of the entries of these numbers, and of the beginning."""
    found = {0: "0" * 64}
    for first in range(0, len(counts), _ASKED_AT_ONCE):
        asked = {"seq": counts[first : first + _ASKED_AT_ONCE], "limit": _ASKED_AT_ONCE}
        found |= {item["seq"]: item["hash"] for item in _get(settings, "", asked)["items"]}
    return found


def _say_missing(heads: list[SignedHead], settings: Settings) -> None:
    days = missing_days(heads, system_clock().date())
    if days:
        shown = ", ".join(day.isoformat() for day in days[:_SHOWN_DAYS])
        more = " …" if len(days) > _SHOWN_DAYS else ""
        _say("missing_days", settings, count=len(days), days=shown + more)


def _read_key(path: Path) -> VerifyingKey:
    try:
        return verifying_key(path.read_bytes())
    except OSError as error:
        raise InputError(f"a public key must be readable, got {path} ({error.strerror})") from None


def _end(found: list[Mapping[str, Any]], settings: Settings) -> None:
    """Say what does not hold, and end with status 1 where something does not."""
    for finding in found:
        line = finding_line(finding, settings.language)
        stdout.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    if len(found) >= FAULTS_LIMIT:
        _say("and_more", settings, count=FAULTS_LIMIT)
    if found:
        raise typer.Exit(1)


def _say(key: str, settings: Settings, **values: object) -> None:
    line = ledger_text(key, settings.language, **values)
    stdout.print(line, markup=False, highlight=False, soft_wrap=True)


def _local(instant: str | None, settings: Settings) -> str:
    return local_time(instant, ZoneInfo(settings.timezone))


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _get(settings: Settings, path: str, params: Mapping[str, Any]) -> Any:
    clock = home_clock(settings.home)
    return call(settings, clock, "GET", f"/api/v1/ledger{path}", params=params)
