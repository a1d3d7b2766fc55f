"""``performance``: energy-performance contracts, by the API."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app import tables_performance as tables
from quotawatt.app.client import call, fetch
from quotawatt.app.console import HomeOption, JsonOption, LanguageOption, settings_for, show_json
from quotawatt.app.home import home_clock
from quotawatt.errors import InputError
from quotawatt.measures import MEASURES
from quotawatt.settings import Settings

_PERFORMANCE = "/api/v1/performance"

ContractArgument = Annotated[int, typer.Argument(help="Number of the contract.")]
FirstOption = Annotated[str, typer.Option("--from", help="First local day.")]
LastOption = Annotated[str, typer.Option("--to", help="Last local day, included.")]
IntervalOption = Annotated[str, typer.Option("--interval", help="hour, day or month.")]
NoteOption = Annotated[str, typer.Option("--note", help="Why.")]


def register(app: typer.Typer) -> None:
    """Add ``performance`` to the program."""
    performance = typer.Typer(help="Energy-performance contracts (EPC).", no_args_is_help=True)
    performance.command("contracts")(contracts)
    performance.command("add")(add)
    performance.command("withdraw")(withdraw)
    performance.command("events")(events)
    performance.command("event-add")(event_add)
    performance.command("event-withdraw")(event_withdraw)
    performance.command("savings")(savings)
    performance.command("propose")(propose)
    performance.command("verifications")(verifications)
    performance.command("verify")(verify)
    performance.command("send-back")(send_back)
    performance.command("report")(report)
    app.add_typer(performance, name="performance")


def contracts(
    home: HomeOption = None, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """The contracts that stand."""
    settings = settings_for(home, language)
    rows = _call(settings, "GET", "/contracts")["items"]
    if as_json:
        show_json(rows)
    else:
        tables.print_contracts(rows, settings)


def add(
    file: Annotated[Path, typer.Argument(help="The contract as JSON; see docs/savings.md.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Enter a contract from a file."""
    settings = settings_for(home, language)
    made = _call(settings, "POST", "/contracts", body=_read(file))
    tables.say("done_add", settings, number=made["number"])


def withdraw(
    number: ContractArgument, home: HomeOption = None, language: LanguageOption = None
) -> None:
    """Take back a contract that was entered by mistake."""
    settings = settings_for(home, language)
    gone = _call(settings, "POST", f"/contracts/{number}/withdraw")
    tables.say("done_withdraw", settings, number=gone["number"])


def events(
    number: ContractArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """The non-routine events of a contract."""
    settings = settings_for(home, language)
    rows = _call(settings, "GET", f"/contracts/{number}/events")["items"]
    if as_json:
        show_json(rows)
    else:
        measure = _call(settings, "GET", f"/contracts/{number}")["measure"]
        tables.print_events(rows, MEASURES[measure].unit, settings)


def event_add(
    number: ContractArgument,
    reason: Annotated[str, typer.Argument(help="What changed use without being the measure.")],
    first: FirstOption,
    last: LastOption,
    amount: Annotated[
        float | None, typer.Option("--a-day", help="Added a day, in the measure's unit.")
    ] = None,
    share: Annotated[
        float | None, typer.Option("--share", help="Added, in % of what was expected.")
    ] = None,
    evidence: Annotated[str, typer.Option("--evidence", help="What shows it.")] = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Record a non-routine event; without --a-day and --share the days do not count at all."""
    if amount is not None and share is not None:
        raise InputError("an event must have --a-day or --share, got both")
    settings = settings_for(home, language)
    kind = "amount" if amount is not None else "share" if share is not None else "excluded"
    body = {
        "first_day": first,
        "last_day": last,
        "kind": kind,
        "amount": amount if share is None else share,
        "reason": reason,
        "evidence": evidence,
    }
    made = _call(settings, "POST", f"/contracts/{number}/events", body=body)
    tables.say("done_event", settings, id=made["id"])


def event_withdraw(
    event: Annotated[int, typer.Argument(help="Number of the event.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take a non-routine event back."""
    settings = settings_for(home, language)
    gone = _call(settings, "POST", f"/events/{event}/withdraw")
    tables.say("done_event_withdraw", settings, id=gone["id"])


def savings(
    number: ContractArgument,
    first: FirstOption,
    last: LastOption,
    interval: IntervalOption = "hour",
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """What days of a contract saved as things are now, and who gets what of it."""
    settings = settings_for(home, language)
    asked = {"first_day": first, "last_day": last, "interval": interval, "lang": settings.language}
    answer = _call(settings, "GET", f"/contracts/{number}/savings", params=asked)
    if as_json:
        show_json([answer])
    else:
        tables.print_savings(answer, settings)


def propose(
    number: ContractArgument,
    first: FirstOption,
    last: LastOption,
    interval: IntervalOption = "hour",
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Put the savings of a period up; somebody else verifies them."""
    settings = settings_for(home, language)
    body = {"first_day": first, "last_day": last, "interval": interval, "note": note}
    made = _call(settings, "POST", f"/contracts/{number}/verifications", body=body)
    tables.say("done_propose", settings, id=made["id"], number=made["number"])


def verifications(
    number: ContractArgument,
    home: HomeOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Savings of a contract that were proposed and decided."""
    settings = settings_for(home, language)
    rows = _call(settings, "GET", f"/contracts/{number}/verifications")["items"]
    if as_json:
        show_json(rows)
    else:
        tables.print_verifications(rows, settings)


VerificationArgument = Annotated[int, typer.Argument(help="Number of the proposal.")]


def verify(
    proposal: VerificationArgument,
    note: NoteOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Verify savings that somebody else proposed."""
    _decide(settings_for(home, language), proposal, verified=True, note=note)


def send_back(
    proposal: VerificationArgument,
    note: Annotated[str, typer.Option("--note", help="Why.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Send proposed savings back."""
    _decide(settings_for(home, language), proposal, verified=False, note=note)


def report(
    proposal: VerificationArgument,
    out: Annotated[Path, typer.Option("--out", help="File to write (HTML).")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the report of a period as a page to print and sign."""
    settings = settings_for(home, language)
    path = f"{_PERFORMANCE}/verifications/{proposal}/document"
    made = fetch(settings, home_clock(settings.home), path, {"lang": settings.language})
    try:
        out.write_bytes(made)
    except OSError as error:
        raise InputError(f"a file must be writable, got {out} ({error.strerror})") from None
    tables.say("written", settings, path=out)


def _decide(settings: Settings, proposal: int, *, verified: bool, note: str) -> None:
    body = {"verified": verified, "note": note}
    done = _call(settings, "POST", f"/verifications/{proposal}/decide", body=body)
    state = tables.state_name(done["state"], settings.language)
    tables.say("done_decide", settings, number=done["number"], state=state)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"a file must be readable, got {file} ({error.strerror})") from None
    except ValueError as error:
        raise InputError(f"a contract must be JSON, got {file} ({error})") from None


def _call(
    settings: Settings,
    method: str,
    path: str,
    *,
    params: dict[str, Any] | None = None,
    body: Any = None,
) -> Any:
    clock = home_clock(settings.home)
    return call(settings, clock, method, f"{_PERFORMANCE}{path}", params=params, body=body)
