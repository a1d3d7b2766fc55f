"""``pool``: the pool of shared assets, by the API."""

from typing import Annotated, Any

import typer

from quotawatt.app.client import call
from quotawatt.app.console import (
    HomeOption,
    JsonOption,
    LanguageOption,
    settings_for,
    show_json,
    stdout,
)
from quotawatt.app.home import home_clock
from quotawatt.app.tables_pool import (
    print_candidates,
    print_matches,
    print_offers,
)
from quotawatt.app.texts_pool import pool_text
from quotawatt.settings import Settings

OfferArgument = Annotated[int, typer.Argument(help="Number of the offer.")]
RequestArgument = Annotated[int, typer.Argument(help="Number of the request.")]
NoteOption = Annotated[str, typer.Option("--note", help="Condition or reason.")]
DayOption = Annotated[str | None, typer.Option("--day", help="From this day; default today.")]

_POOL = "/api/v1/pool"
_PAGE = 500


def register(app: typer.Typer) -> None:
    """Add ``pool`` to the program."""
    pool = typer.Typer(help="The pool of shared assets.", no_args_is_help=True)
    pool.command("list")(pool_list)
    pool.command("candidates")(pool_candidates)
    pool.command("offer")(pool_offer)
    pool.command("withdraw")(pool_withdraw)
    pool.command("request")(pool_request)
    pool.command("take-back")(pool_take_back)
    pool.command("decide")(pool_decide)
    pool.command("handover")(pool_handover)
    pool.command("receive")(pool_receive)
    pool.command("return")(pool_return)
    pool.command("match")(pool_match)
    app.add_typer(pool, name="pool")


def pool_list(
    state: Annotated[str | None, typer.Option("--state", help="offered, reserved, ...")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What is offered, reserved, lent or passed on."""
    settings = settings_for(home, language)
    rows: list[dict[str, Any]] = []
    while True:
        page = _get(settings, "/offers", state=state, limit=_PAGE, offset=len(rows))
        rows += page["items"]
        if len(rows) >= page["total"] or not page["items"]:
            break
    if as_json:
        show_json(rows)
    else:
        print_offers(rows, settings)


def pool_candidates(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Idle equipment and rooms that nobody has offered, with the evidence."""
    settings = settings_for(home, language)
    rows = _get(settings, "/candidates")["items"]
    if as_json:
        show_json(rows)
    else:
        print_candidates(rows, settings)


def pool_offer(
    asset: Annotated[str, typer.Argument(help="Code of equipment, a room or a vehicle.")],
    transfer: Annotated[
        bool, typer.Option("--transfer/--lend", help="For good, or for a time.")
    ] = False,
    until: Annotated[str | None, typer.Option("--until", help="Lent until this day.")] = None,
    location: Annotated[str, typer.Option("--location", help="Where it is.")] = "",
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Offer an asset to everybody."""
    body = {
        "asset": asset,
        "term": "transfer" if transfer else "lend",
        "lend_until": until,
        "location": location,
        "condition": note,
    }
    _do(settings_for(home, language), "/offers", body, "done_offer")


def pool_withdraw(
    offer: OfferArgument,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take an offer back."""
    path = f"/offers/{offer}/withdraw"
    _do(settings_for(home, language), path, {"note": note}, "done_withdraw")


def pool_request(
    offer: OfferArgument,
    organisation: Annotated[str, typer.Argument(help="Code of the organisation that asks.")],
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Ask for what is offered."""
    body = {"organisation": organisation, "purpose": note}
    _do(settings_for(home, language), f"/offers/{offer}/requests", body, "done_request")


def pool_take_back(
    request: RequestArgument,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take a request of one's own back; the offer is free again."""
    _do(
        settings_for(home, language),
        f"/requests/{request}/take-back",
        {"note": note},
        "done_take_back",
    )


def pool_decide(
    request: RequestArgument,
    accept: Annotated[bool, typer.Option("--accept/--decline")],
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Accept or decline a request."""
    settings = settings_for(home, language)
    body = {"accept": accept, "reason": note}
    done = _post(settings, f"/requests/{request}/decide", body)
    state = pool_text(f"state_{done['state']}", settings.language)
    _say(settings, "done_decide", id=done["id"], state=state)


def pool_handover(
    offer: OfferArgument,
    day: DayOption = None,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Hand an asset over to whose request was accepted; the register follows."""
    path, body = f"/offers/{offer}/hand-over", {"day": day, "note": note}
    _do(settings_for(home, language), path, body, "done_hand_over")


def pool_receive(
    offer: OfferArgument,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say that the asset has come, and how it is."""
    path = f"/offers/{offer}/receive"
    _do(settings_for(home, language), path, {"note": note}, "done_receive")


def pool_return(
    offer: OfferArgument,
    day: DayOption = None,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say that what was lent is back; the register follows."""
    path, body = f"/offers/{offer}/return", {"day": day, "note": note}
    _do(settings_for(home, language), path, body, "done_return")


def pool_match(
    kind: Annotated[str, typer.Argument(help="What is to be bought, in any words.")],
    organisation: Annotated[str, typer.Option("--for", help="Code of who needs it.")],
    quantity: Annotated[int, typer.Option("--quantity")] = 1,
    power: Annotated[float | None, typer.Option("--power", help="At least, in kW.")] = None,
    area: Annotated[float | None, typer.Option("--area", help="At least, in m².")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search the pool before a purchase; the number of the search can be cited."""
    settings = settings_for(home, language)
    body = {
        "organisation": organisation,
        "kind": kind,
        "quantity": quantity,
        "least_power_kw": power,
        "least_area_m2": area,
    }
    answer = _post(settings, "/match", body)
    if as_json:
        show_json([answer])
    else:
        print_matches(answer, settings)


def _do(settings: Settings, path: str, body: dict[str, Any], done: str) -> None:
    """A deed, and the line that says it is done."""
    _say(settings, done, **_post(settings, path, body))


def _say(settings: Settings, key: str, **values: Any) -> None:
    words = pool_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def _get(settings: Settings, path: str, **params: Any) -> Any:
    return _ask(settings, "GET", _POOL + path, params=params)


def _post(settings: Settings, path: str, body: dict[str, Any]) -> Any:
    return _ask(settings, "POST", _POOL + path, body=body)


def _ask(settings: Settings, method: str, path: str, **options: Any) -> Any:
    return call(settings, home_clock(settings.home), method, path, **options)
