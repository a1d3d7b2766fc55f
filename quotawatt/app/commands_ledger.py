"""``ledger``: who did what; that nobody altered it; evidence packs and signed heads."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from quotawatt.app.client import download
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
from quotawatt.app.ledger_checks import ask, hold_heads, read_key, say, say_missing, walk_chain
from quotawatt.app.ledger_tables import print_entries, print_heads
from quotawatt.app.texts_ledger import finding_line
from quotawatt.errors import InputError
from quotawatt.ledger.chain import FAULTS_LIMIT
from quotawatt.ledger.heads import SignedHead, read_heads
from quotawatt.ledger.outside import head_folders
from quotawatt.ledger.pack_check import check_pack
from quotawatt.settings import Settings

FromOption = Annotated[str | None, typer.Option("--from", help="Day or instant, ISO 8601.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="End, not included.")]
ActorOption = Annotated[str, typer.Option("--actor", help="Who did it.")]
ActionOption = Annotated[str, typer.Option("--action", help="What was done.")]
SubjectOption = Annotated[str, typer.Option("--subject", help="Code of an asset, or another name.")]
KeyOption = Annotated[
    list[Path] | None,
    typer.Option("--key", help="Public key (PEM) that you were given before. May repeat."),
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
    items = ask(settings, "", params)["items"]
    if as_json:
        show_json(items)
    else:
        print_entries(items, settings)


def ledger_show(
    number: Annotated[int, typer.Argument(help="Number of the entry.")], home: HomeOption = None
) -> None:
    """Show an entry with all that it says, as JSON."""
    entry = ask(settings_for(home), f"/{number}", {})
    typer.echo(json.dumps(entry, ensure_ascii=False, indent=2))


def ledger_verify(
    heads: Annotated[
        Path | None,
        typer.Option(
            "--heads", help="Folder of signed heads kept elsewhere; default: those of the settings."
        ),
    ] = None,
    key: KeyOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Check the chain, and signed heads against it; status 1 where it does not hold."""
    settings = settings_for(home, language)
    count, found = walk_chain(settings)
    folders = [heads] if heads is not None else [f for f in head_folders(settings) if f.is_dir()]
    found += hold_heads(settings, folders, key or ())
    _end(found, settings)
    say("holds", settings, count=count)


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
    with _whole_or_not(file) as target:
        download(settings, home_clock(settings.home), "/api/v1/ledger/export", order, target)
    say("pack_written", settings, file=file, bytes=file.stat().st_size)


@contextmanager
def _whole_or_not(file: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when it is whole. Raises InputError where it cannot be written."""
    mine = file.with_name(f".{file.name}.part")
    try:
        with mine.open("wb") as target:
            yield target
        mine.replace(file)
    except OSError as error:
        raise InputError(f"a pack must be writable, got {file} ({error.strerror})") from None
    finally:
        mine.unlink(missing_ok=True)


def ledger_check_pack(
    file: Annotated[Path, typer.Argument(help="An evidence pack.")],
    key: KeyOption = None,
    language: LanguageOption = None,
) -> None:
    """Check an evidence pack, without the system that it comes from; status 1 where it does not hold."""
    settings = settings_for(None, language)
    report = check_pack(file, [read_key(path) for path in key or ()])
    _end([asdict(finding) for finding in report.findings], settings)
    if report.own_key:
        say("pack_own_key", settings)
    said = report.manifest
    say(
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
    typer.echo(ask(settings_for(home), "/key", {})["pem"], nl=False)


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
        say_missing(ordered, settings)


def _end(found: list[Mapping[str, Any]], settings: Settings) -> None:
    """Say what does not hold, and end with status 1 where something does not."""
    for finding in found:
        line = finding_line(finding, settings.language)
        stdout.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    if len(found) >= FAULTS_LIMIT:
        say("and_more", settings, count=FAULTS_LIMIT)
    if found:
        raise typer.Exit(1)


def _local(instant: str | None, settings: Settings) -> str:
    return local_time(instant, ZoneInfo(settings.timezone))


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
