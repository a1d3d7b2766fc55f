"""``store``: whether the stores can be used, and making what they lack.

These commands speak with the stores themselves: what they are for is that nothing else works.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer
from sqlalchemy import Engine

from quotawatt.app.client import call, is_served, user_name
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import has_records, home_clock, prepare_home
from quotawatt.app.texts_store import cause_text, remedy_text, store_text
from quotawatt.clock import Clock, system_clock
from quotawatt.errors import QuotawattError, SettingError
from quotawatt.ledger.book import Ledger
from quotawatt.settings import Settings
from quotawatt.storage.checking.verdicts import Verdict, right, wrong
from quotawatt.storage.factory import influx_url, no_such_series
from quotawatt.storage.records import open_records, records_engine

SERIES, RECORDS = "series", "records"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict on one of the stores."""

    store: str
    verdict: Verdict


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="The series store and the record store.", no_args_is_help=True)
    group.command("check")(store_check)
    group.command("setup")(store_setup)
    app.add_typer(group, name="store")


def store_check(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Check both stores: what is wrong, and what to do; status 1 where something is."""
    settings = settings_for(home, language)
    found = list(_shown(check_stores(settings, system_clock), settings, as_json))
    if not all(one.verdict.ok for one in found):
        raise typer.Exit(1)
    if not as_json:
        _print(store_text("all_right", settings.language))


def store_setup(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Make what the stores lack: tables; of InfluxDB database, bucket, mapping. May be repeated."""
    settings = settings_for(home, language)
    records = open_records(settings.records_url, prepare_home(settings.home))
    try:
        made = [one.verdict for one in _shown(_made(settings, records), settings, as_json)]
        names = [verdict.cause for verdict in made if verdict.cause.startswith("made_")]
        if names:
            _note(records, settings, names)
    finally:
        records.dispose()


def _made(settings: Settings, records: Engine) -> Iterator[Finding]:
    """What there is after making what was missing."""
    where = records.url.render_as_string(hide_password=True)
    yield Finding(RECORDS, right("version", "records_ready", url=where))
    if influx_url(settings) is None:
        yield Finding(SERIES, right("file", "makes_itself"))
        return
    from quotawatt.storage.checking.influx_setup import set_up_influx

    for verdict in set_up_influx(_target(settings)):
        yield Finding(SERIES, verdict)


def _note(records: Engine, settings: Settings, made: list[str]) -> None:
    with records.begin() as conn:
        Ledger(records).append(
            conn,
            at=system_clock(),
            actor=f"cli:{user_name()}",
            action="store_set_up",
            subject=settings.influx_bucket,
            detail={"made": made},
        )


def check_stores(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """What is right, and of each store the first thing that is not."""
    held = is_served(settings.home)
    checks = {SERIES: _series(settings, clock, held), RECORDS: _records(settings)}
    for store, verdicts in checks.items():
        try:
            for verdict in verdicts:
                yield Finding(store, verdict)
        except SettingError as error:
            yield Finding(store, wrong("address", "setting", said=str(error)))


def _series(settings: Settings, clock: Clock, held: bool) -> Iterator[Verdict]:
    if influx_url(settings) is not None:
        from quotawatt.storage.checking.influx_probe import check_influx

        yield from check_influx(_target(settings), clock)
    elif settings.series_url == "memory":
        yield right("file", "in_memory")
    elif settings.series_url != "duckdb":
        raise no_such_series(settings)
    elif held:
        yield _says_itself(settings)
    else:
        yield from _embedded(settings)


def _embedded(settings: Settings) -> Iterator[Verdict]:
    from quotawatt.storage.checking.duckdb_probe import check_duckdb, check_folder, free_mb

    for verdict in check_folder(settings.home, free_mb(settings.home)):
        yield verdict
        if not verdict.ok:
            return
    yield from check_duckdb(settings.home / "series.duckdb")


def _says_itself(settings: Settings) -> Verdict:
    """How the system that holds the embedded stores says it is."""
    home = str(settings.home)
    try:
        health = call(settings, home_clock(settings.home), "GET", "/api/v1/health")
    except QuotawattError as error:
        return wrong("served", "served_badly", home=home, said=str(error))
    store = ((health.get("parts") or {}).get("store")) or {"ok": True}
    if store["ok"]:
        return right("served", "served_well", home=home)
    return wrong("served", "served_badly", home=home, said=store["problem"])


def _records(settings: Settings) -> Iterator[Verdict]:
    from quotawatt.storage.checking.records_probe import check_records

    if not has_records(settings):
        yield right("file", "file_later", path=str(settings.home / "records.sqlite"))
        return
    engine = records_engine(settings.records_url, settings.home)
    try:
        yield from check_records(engine)
    finally:
        engine.dispose()


def _target(settings: Settings) -> Any:
    from quotawatt.storage.checking.influx_probe import InfluxTarget

    return InfluxTarget(
        influx_url(settings) or "",
        settings.influx_token.get_secret_value(),
        settings.influx_org,
        settings.influx_bucket,
        removing=any(
            (settings.keep_readings_days, settings.keep_hourly_days, settings.keep_daily_days)
        ),
    )


def _shown(findings: Iterator[Finding], settings: Settings, as_json: bool) -> Iterator[Finding]:
    """The findings, each printed as it comes."""
    for finding in findings:
        if as_json:
            show_json([_row(finding, settings)])
        else:
            for line in _lines(finding, settings):
                _print(line)
        yield finding


def _row(finding: Finding, settings: Settings) -> dict[str, Any]:
    verdict = finding.verdict
    return {
        "store": finding.store,
        "check": verdict.check,
        "ok": verdict.ok,
        "cause": verdict.cause,
        "facts": dict(verdict.facts),
        "text": cause_text(verdict.cause, settings.language, verdict.facts),
        "remedy": "" if verdict.ok else remedy_text(verdict.cause, settings.language),
    }


def _lines(finding: Finding, settings: Settings) -> Iterator[str]:
    row, language = _row(finding, settings), settings.language
    state = store_text("ok" if row["ok"] else "failed", language)
    store, check = (store_text(row[name], language) for name in ("store", "check"))
    yield f"{state}  {store} · {check}: {row['text']}"
    if row["remedy"]:
        yield "    " + store_text("do", language, remedy=row["remedy"])


def _print(words: str) -> None:
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)
