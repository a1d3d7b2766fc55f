"""``hand``: readings by hand, bills and fuel purchases, by the API."""

from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app.client import call, upload
from quotawatt.app.commands_hand_files import hand_import, hand_ledger, hand_template
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
)
from quotawatt.app.hand_options import (
    AmountOption,
    BoughtOption,
    ClosingOption,
    ConfirmOption,
    CostOption,
    DocumentOption,
    FirstDayOption,
    LastDayOption,
    NoteOption,
    OpeningOption,
    QuantityOption,
    RateOption,
    TimeOption,
    ValueOption,
    body_of,
    corrected_body,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_hand import print_entries, say_hand
from quotawatt.settings import Settings

NumberArgument = Annotated[int, typer.Argument(help="Number of the entry.")]

_HAND = "/api/v1/hand"
_PAGE = 500


def register(app: typer.Typer) -> None:
    """Add ``hand`` to the program."""
    hand = typer.Typer(help="Meter readings, bills and fuel by hand.", no_args_is_help=True)
    hand.command("list")(hand_list)
    hand.command("add")(hand_add)
    hand.command("correct")(hand_correct)
    hand.command("withdraw")(hand_withdraw)
    hand.command("template")(hand_template)
    hand.command("import")(hand_import)
    hand.command("ledger")(hand_ledger)
    app.add_typer(hand, name="hand")


def hand_list(
    kind: Annotated[str | None, typer.Option("--kind", help="reading, bill, purchase.")] = None,
    asset: Annotated[str | None, typer.Option("--asset", help="Code.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="Day or instant.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Day or instant.")] = None,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Those withdrawn.")] = False,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was entered, the latest first."""
    settings = settings_for(home, language)
    wanted = {"kind": kind, "asset": asset, "from": start, "until": until, "withdrawn": withdrawn}
    rows: list[dict[str, Any]] = []
    while True:
        page = _get(settings, "/entries", **wanted, limit=_PAGE, offset=len(rows))
        rows += page["items"]
        if len(rows) >= page["total"] or not page["items"]:
            break
    if as_json:
        show_json(rows)
    else:
        print_entries(rows, settings)


def hand_add(
    kind: Annotated[str, typer.Argument(help="reading, bill or purchase.")],
    asset: Annotated[str, typer.Argument(help="Code of the meter, vehicle, building, ...")],
    quantity: QuantityOption = None,
    time: TimeOption = None,
    value: ValueOption = None,
    first_day: FirstDayOption = None,
    last_day: LastDayOption = None,
    amount: AmountOption = None,
    gj_per_m2: RateOption = None,
    opening: OpeningOption = None,
    bought: BoughtOption = None,
    closing: ClosingOption = None,
    cost: CostOption = None,
    confirm: ConfirmOption = None,
    note: NoteOption = None,
    document: DocumentOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Enter a meter reading, a bill or a purchase of fuel."""
    settings = settings_for(home, language)
    body = body_of(locals())
    params = {"lang": settings.language}
    made = _ask(settings, "POST", "/entries", params=params, body={"kind": kind, **body})
    say_hand("done_add", settings, **made)
    for words in made["notes"]:
        say_hand("note_line", settings, note=words)
    _attach(settings, made["number"], document)


def hand_correct(
    number: NumberArgument,
    asset: Annotated[str | None, typer.Option("--asset", help="Another asset.")] = None,
    quantity: QuantityOption = None,
    time: TimeOption = None,
    value: ValueOption = None,
    first_day: FirstDayOption = None,
    last_day: LastDayOption = None,
    amount: AmountOption = None,
    gj_per_m2: RateOption = None,
    opening: OpeningOption = None,
    bought: BoughtOption = None,
    closing: ClosingOption = None,
    cost: CostOption = None,
    confirm: ConfirmOption = None,
    note: NoteOption = None,
    document: DocumentOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Correct an entry: what is not given stays as it is."""
    settings = settings_for(home, language)
    changed = body_of(locals())
    if changed or document is None:
        body = corrected_body(_get(settings, f"/entries/{number}"), changed)
        params = {"lang": settings.language}
        done = _ask(settings, "PUT", f"/entries/{number}", params=params, body=body)
        say_hand("done_correct", settings, **done)
    _attach(settings, number, document)


def hand_withdraw(
    number: NumberArgument,
    note: NoteOption = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say that an entry does not count, and why."""
    settings = settings_for(home, language)
    body = {"note": note or ""}
    say_hand(
        "done_withdraw",
        settings,
        **_ask(settings, "POST", f"/entries/{number}/withdraw", body=body),
    )


def _attach(settings: Settings, number: int, document: Path | None) -> None:
    if document is not None:
        clock, place = home_clock(settings.home), f"{_HAND}/documents"
        kept = upload(settings, clock, place, document, {"entry": number})
        say_hand("done_document", settings, document=kept["document"])


def _get(settings: Settings, path: str, **params: Any) -> Any:
    return _ask(settings, "GET", path, params=params)


def _ask(settings: Settings, method: str, path: str, **options: Any) -> Any:
    return call(settings, home_clock(settings.home), method, _HAND + path, **options)
