"""``devices`` and ``deadletters``: what came in and found no place, and giving it one."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    local_time,
    say,
    settings_for,
    show_json,
)
from quotawatt.app.home import home_clock
from quotawatt.app.intake_tables import print_deadletters, print_device, print_devices
from quotawatt.app.joblink import wait_for_job
from quotawatt.errors import InputError, NotFoundError
from quotawatt.settings import Settings

DeviceArgument = Annotated[str, typer.Argument(help="Name of the device.")]

_SEEN = "/api/v1/seen-devices"
_LETTERS = "/api/v1/deadletters"
_PAGE = 1000


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    devices = typer.Typer(help="Devices that send and are not bound.", no_args_is_help=True)
    devices.command("list")(devices_list)
    devices.command("show")(devices_show)
    devices.command("adopt")(devices_adopt)
    devices.command("forget")(devices_forget)
    app.add_typer(devices, name="devices")
    letters = typer.Typer(help="Messages that could not become readings.", no_args_is_help=True)
    letters.command("list")(deadletters_list)
    letters.command("show")(deadletters_show)
    letters.command("retry")(deadletters_retry)
    app.add_typer(letters, name="deadletters")


def devices_list(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Devices that send what no binding names, latest first."""
    settings = settings_for(home, language)
    answer = page = _page(settings, 0)
    items: list[dict[str, Any]] = []
    while page["items"]:
        items += page["items"]
        page = _page(settings, len(items))
    if as_json:
        show_json(items)
        return
    print_devices({"items": items, "total": len(items)}, settings)
    if answer["unknown_family"]["messages"]:
        say("unknown_family", settings, **answer["unknown_family"])


def devices_show(
    device: DeviceArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """One of them: what it measures, and its last message."""
    settings = settings_for(home, language)
    found = _seen(settings, device)
    if as_json:
        show_json([found])
    else:
        print_device(found, settings)


def devices_adopt(
    device: DeviceArgument,
    asset: Annotated[str, typer.Option("--asset", help="Code of the asset that it feeds.")],
    channel: Annotated[
        str | None, typer.Option("--channel", help="Default: the only one, or the nameless one.")
    ] = None,
    quantity: Annotated[
        str,
        typer.Option(
            "--quantity",
            help="Default: all of them, or the power of a channel that has no counter.",
        ),
    ] = "",
    point_quantity: Annotated[
        str, typer.Option("--point-quantity", help="What it is at the asset, where that differs.")
    ] = "",
    multiplier: Annotated[float, typer.Option("--multiplier", help="CT times PT.")] = 1.0,
    register_size: Annotated[
        float | None, typer.Option("--register-size", help="First value it cannot show.")
    ] = None,
    datum: Annotated[str, typer.Option("--datum", help="wgs84 or gcj02.")] = "wgs84",
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Day, or instant with its zone; default: the first reading kept or stored.",
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="End what feeds the asset with the same quantity.")
    ] = False,
    also: Annotated[
        bool, typer.Option("--also", help="Add it to what feeds the asset with the same quantity.")
    ] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bind a device to an asset, and take in what was kept of it."""
    settings = settings_for(home, language)
    if_fed = _if_fed(replace, also)
    chosen = _channel(_seen(settings, device)) if channel is None else channel
    wanted = {
        "asset": asset,
        "channel": chosen,
        "quantity": quantity,
        "point_quantity": point_quantity,
        "multiplier": multiplier,
        "register_size": register_size,
        "datum": datum,
    }
    body = {"device": device, "channels": [wanted], "valid_from": start, "if_fed": if_fed}
    adopted = _call(settings, "POST", f"{_SEEN}/adopt", body=body)
    job = None if adopted["job"] is None else wait_for_job(settings, adopted["job"])
    if as_json:
        show_json([{**adopted, "replay": job["result"] if job else {}}])
        return
    _say_adopted(adopted, settings)
    if job is not None:
        say("replayed", settings, **_counts(job, "replayed", "readings", "refused"))


def _if_fed(replace: bool, also: bool) -> str:
    if replace and also:
        raise InputError("one of --replace and --also must be given at most, got both")
    return "replace" if replace else "also" if also else "refuse"


def _say_adopted(adopted: dict[str, Any], settings: Settings) -> None:
    """The warnings, what is bound from when, what ends there, and the rows for the register's file."""
    for warning in adopted["warnings"]:
        say("adopt_warning", settings, warning=warning)
    (binding,) = adopted["bindings"]
    since = local_time(binding["valid_from"], ZoneInfo(settings.timezone))
    when = {"since": since, "zone": settings.timezone}
    named = {name: binding[name] for name in ("device", "channel", "asset")}
    say("adopted", settings, **named, **when)
    for ended in adopted["ended"]:
        say("adopted_ended", settings, device=ended["device"], asset=ended["asset"], **when)
    say("adopted_rows", settings)
    for line in adopted["csv"].splitlines():
        typer.echo(line)


def devices_forget(
    device: DeviceArgument, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Take a device from the list, with what was kept of it; when it sends again it is listed again."""
    settings = settings_for(home, language)
    answer = _call(settings, "POST", f"{_SEEN}/forget", body={"device": device})
    say("forgotten", settings, **answer)


def deadletters_list(
    reason: Annotated[str | None, typer.Option("--reason", help="Only those.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Messages that could not become readings, with the reason: the newest 500."""
    settings = settings_for(home, language)
    answer = _call(settings, "GET", _LETTERS, params={"limit": 500, "reason": reason})
    if as_json:
        show_json(answer["items"])
    else:
        print_deadletters(answer, settings)


def deadletters_show(
    number: Annotated[int, typer.Argument(help="Number of the dead letter.")],
    home: HomeOption = None,
) -> None:
    """One of them, with its payload, as JSON."""
    show_json([_call(settings_for(home), "GET", f"{_LETTERS}/{number}")])


def deadletters_retry(
    reason: Annotated[str | None, typer.Option("--reason", help="Only those.")] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="Only those whose topic belongs to it.")
    ] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Decode the dead letters again, after a profile was mended; what now reads becomes readings."""
    settings = settings_for(home, language)
    body = {"reason": reason, "profile": profile}
    asked = _call(settings, "POST", f"{_LETTERS}/retry", body=body)
    job = wait_for_job(settings, asked["id"])
    say("retried", settings, **_counts(job, "tried", "recovered", "cut"))


def _page(settings: Settings, offset: int) -> dict[str, Any]:
    params = {"limit": _PAGE, "offset": offset}
    found: dict[str, Any] = _call(settings, "GET", _SEEN, params=params)
    return found


def _seen(settings: Settings, device: str) -> dict[str, Any]:
    items = _call(settings, "GET", _SEEN, params={"device": device})["items"]
    if not items:
        raise NotFoundError(f"a device must be listed as seen, got {device!r}")
    found: dict[str, Any] = items[0]
    return found


def _channel(seen: dict[str, Any]) -> str:
    """The channel to bind where none is named. Raises InputError where several come into question."""
    channels = sorted({offer["channel"] for offer in seen["offers"]})
    if "" in channels or not channels:
        return ""
    if len(channels) > 1:
        names = ", ".join(channels)
        raise InputError(f"--channel must be one of {names}, got none")
    return str(channels[0])


def _counts(job: dict[str, Any], *names: str) -> dict[str, int]:
    return {name: job["result"].get(name, 0) for name in names}


def _call(settings: Settings, method: str, path: str, **more: Any) -> Any:
    return call(settings, home_clock(settings.home), method, path, **more)
