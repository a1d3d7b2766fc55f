"""``demo`` and ``serve``: commands that run the system."""

import logging
import signal
import threading
import time
from typing import Annotated

import typer
from sqlalchemy import Engine

from quotawatt.app.console import HomeOption, LanguageOption, settings_for, stdout
from quotawatt.app.memory import PeakMemory, spare_memory
from quotawatt.app.texts import text
from quotawatt.errors import SettingError
from quotawatt.settings import Settings

_log_format = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(demo)
    app.command()(serve)


def demo(
    home: HomeOption = None,
    once: Annotated[bool, typer.Option("--once", help="Stop after the table.")] = False,
    language: LanguageOption = None,
    mqtt_port: Annotated[int | None, typer.Option(help="Port of the demo's broker.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of API and console.")] = None,
    speed: Annotated[
        float, typer.Option(help="Demo seconds a second, once live.", min=1, max=3600)
    ] = 300,
) -> None:
    """Run the whole system on a bundled year of a small city, then live."""
    from quotawatt.app.demo import go_live, running_demo
    from quotawatt.app.demo_table import print_report
    from quotawatt.app.home import keep_clock

    logging.basicConfig(level=logging.WARNING, format=_log_format)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    settings = settings_for(home, language, mqtt_port=mqtt_port, api_port=port)
    if home is None:
        # A home of its own: the next demo empties it, and real data may lie beside.
        settings = settings.model_copy(update={"home": settings.home / "demo"})
    began = time.monotonic()
    with PeakMemory() as memory, running_demo(settings) as running:
        lang = settings.language
        print_report(settings, running.clock)
        stdout.print(
            text(
                "published",
                lang,
                readings=running.published.readings,
                messages=running.published.messages,
                seconds=time.monotonic() - began,
                memory=memory.peak_mb(),
            )
        )
        if once:
            return
        stdout.print(text("console", lang, url=running.url), highlight=False, soft_wrap=True)
        stdout.print(text("live", lang, speed=speed))
        roles = go_live(running, speed)
        _stop_asked().wait()
        stdout.print(text("stopping", lang))
        roles.stop()
        keep_clock(settings.home, running.clock())


def serve(
    home: HomeOption = None,
    role: Annotated[
        list[str] | None,
        typer.Option("--role", help="collect, analyse, alert, api; may repeat. Default: all."),
    ] = None,
) -> None:
    """Run roles over the stores of the settings until interrupted."""
    from quotawatt.app.home import prepare_home, require_no_demo
    from quotawatt.app.roles import (
        Role,
        RunningRoles,
        instance_name,
        make_heartbeat,
        make_server,
    )
    from quotawatt.app.starting import note_settings
    from quotawatt.app.system import open_system
    from quotawatt.app.token import with_token
    from quotawatt.clock import system_clock

    logging.basicConfig(level=logging.INFO, format=_log_format)
    # It would log every query with its whole text.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = settings_for(home)
    try:
        roles = {Role(r) for r in role} if role else set(Role)
    except ValueError:
        known = ", ".join(Role)
        raise SettingError(f"a role must be one of {known}, got {', '.join(role or ())}") from None
    # Before anything is begun: who is told to end while still starting ends as orderly.
    stop_asked = _stop_asked()
    prepare_home(settings.home)
    require_no_demo(settings.home)
    if Role.API in roles:
        settings = with_token(settings)
    if roles == {Role.COLLECT}:
        settings = spare_memory(settings)
    system = open_system(settings, system_clock)
    running = RunningRoles(system, roles)
    heartbeat = make_heartbeat(system, running)
    server = make_server(system, running)
    try:
        if Role.API in roles:
            at = system.clock()
            system.parts.rule_notes.run(at)
            note_settings(system.records, settings, instance_name(settings), at)
        if server is not None:
            server.start()
        running.start()
        heartbeat.start()
        if server is not None and Role.API in roles:
            where = where_to_go(settings, server.port, system.records)
            stdout.print(where, highlight=False, soft_wrap=True)
        stop_asked.wait()
    finally:
        running.stop()
        heartbeat.stop()
        if server is not None:
            server.stop()
        system.close()


def where_to_go(settings: Settings, port: int, records: Engine) -> str:
    """Address of the console, and what opens it: an account, until there is one the token and where it is."""
    from quotawatt.access.grants import chiefs

    kept = settings.home / "api-token"
    token = str(kept) if kept.exists() else "QUOTAWATT_API_TOKEN"
    with records.connect() as conn:
        opens = "sign in with an account" if chiefs(conn) else f"token: {token}"
    return f"Console and API: http://{settings.api_host}:{port}/  {opens}  Ctrl+C ends it."


def _stop_asked() -> threading.Event:
    """Set by SIGINT or SIGTERM from now on."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    return asked
