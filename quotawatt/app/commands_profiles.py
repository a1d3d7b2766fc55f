"""``decode`` and ``profiles``: what payloads become, and the profiles that say so."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from quotawatt.app.console import JsonOption, LanguageOption, settings_for, show, stderr, stdout
from quotawatt.clock import system_clock
from quotawatt.errors import InputError
from quotawatt.settings import Settings

ProfilesOption = Annotated[
    Path | None, typer.Option("--profiles", help="A folder of device profiles of your own.")
]
FolderArgument = Annotated[Path | None, typer.Argument(help="A folder of device profiles.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="Device profiles.", no_args_is_help=True)
    group.command("list")(profiles_list)
    group.command("check")(profiles_check)
    group.command("test")(profiles_test)
    group.command("schema")(profiles_schema)
    app.add_typer(group, name="profiles")
    app.command()(decode)


def decode(
    topic: Annotated[str, typer.Option("--topic", help="MQTT topic of the payload.")],
    file: Annotated[Path | None, typer.Argument(help="Payload; default: standard input.")] = None,
    folder: ProfilesOption = None,
    explain: Annotated[bool, typer.Option("--why", help="Say each step, on stderr.")] = False,
    language: LanguageOption = None,
) -> None:
    """Show what one payload becomes: a JSON line a reading, nothing where nothing is to be stored."""
    from collectors.configured import make_decoder
    from collectors.explain import explained
    from collectors.why import why
    from collectors.whytexts import words

    settings = _settings(folder, language)
    payload = _payload(file)
    decoder, now = make_decoder(settings), system_clock()
    if explain:
        for line in words(why(decoder, topic, payload, now), settings.language):
            stderr.print(line, markup=False, highlight=False, soft_wrap=True)
    decoded = decoder.decode(topic, payload, now)
    for shown in explained(decoded, settings.clock_ahead_limit_s, settings.clock_from):
        typer.echo(json.dumps(shown, ensure_ascii=False))
    for problem in decoded.problems:
        stderr.print(f"{problem.reason}: {problem.message}", markup=False, soft_wrap=True)


def profiles_list(
    folder: ProfilesOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """List the profiles, in the order in which they are tried."""
    from collectors.profile import load_all_profiles

    settings = _settings(folder, language)
    rows = [
        {
            "id": profile.id,
            "title": profile.title_zh if settings.language == "zh" else profile.title_en,
            "messages": len(profile.messages),
        }
        for profile in load_all_profiles(settings.profiles)
    ]
    show(rows, ["id", "title", "messages"], as_json)


def profiles_check(folder: FolderArgument = None) -> None:
    """Check the profiles of a folder, or all that are in use; says every mistake with file and line."""
    from collectors.profile import load_all_profiles, load_profiles

    found = load_profiles(folder) if folder else load_all_profiles(settings_for().profiles)
    stdout.print(f"{len(found)} profiles: no errors")


def profiles_test(folder: FolderArgument = None) -> None:
    """Run the cases beside the profiles of a folder (cases/ID/NAME.yaml), or the built-in ones."""
    from collectors.cases_run import failures, find_cases, load_case
    from collectors.configured import make_decoder
    from collectors.profile import BUILT_IN_CASES

    settings = _settings(folder)
    cases = folder / "cases" if folder else BUILT_IN_CASES
    paths = find_cases(cases)
    if not paths:
        raise InputError(f"a folder of cases must hold ID/NAME.yaml, got {cases}")
    decoder, failed = make_decoder(settings), 0
    for path in paths:
        try:
            wrong = failures(load_case(path), decoder)
        except InputError as error:
            wrong = str(error).splitlines()
        if wrong:
            failed += 1
            for line in (f"{path.parent.name}/{path.name}", *(f"  {line}" for line in wrong)):
                stdout.print(line, markup=False, highlight=False, soft_wrap=True)
    stdout.print(f"{len(paths)} cases, {failed} failed")
    if failed:
        raise typer.Exit(1)


def profiles_schema() -> None:
    """Print the JSON schema of a profile, for editors."""
    from collectors.profileschema import profile_schema

    typer.echo(profile_schema(), nl=False)


def _settings(folder: Path | None, language: str | None = None) -> Settings:
    """The settings, with a folder of profiles before those that they name."""
    settings = settings_for(language=language)
    if folder is None:
        return settings
    return settings.model_copy(update={"profiles": (folder, *settings.profiles)})


def _payload(file: Path | None) -> bytes:
    if file is None:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(
            f"a payload's file must be readable, got {file} ({error.strerror})"
        ) from None
