"""``cases``: what people do with one, each command a client of the API."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from quotawatt.app.case_calls import CASES, WHICHEVER, NumberArgument, ask
from quotawatt.app.client import fetch, upload
from quotawatt.app.console import HomeOption, LanguageOption, settings_for
from quotawatt.app.home import home_clock
from quotawatt.app.tables_cases import say_case, say_done
from quotawatt.errors import InputError
from quotawatt.hand.documents import MOST_BYTES
from quotawatt.settings import Settings

CommentOption = Annotated[str, typer.Option("--comment", help="What is said of it.")]
NeededComment = Annotated[str, typer.Option("--comment", help="Why, or how.")]


def register(group: typer.Typer) -> None:
    """Add the commands to ``cases``."""
    group.command("ack")(ack)
    group.command("assign")(assign)
    group.command("comment")(comment)
    group.command("measure")(measure)
    group.command("due")(due)
    group.command("evidence")(evidence)
    group.command("explain")(explain)
    group.command("propose")(propose)
    group.command("send-back")(send_back)
    group.command("close")(close)
    group.command("reopen")(reopen)


def ack(
    number: NumberArgument,
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Take a case up (签收)."""
    _act(settings_for(home, language), number, "acknowledge", {"comment": comment})


def assign(
    number: NumberArgument,
    assignee: Annotated[str, typer.Argument(help="Account, or contact:ASSET/DUTY/RANK.")],
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Give a case to somebody (交办)."""
    body = {"assignee": assignee, "comment": comment}
    _act(settings_for(home, language), number, "assign", body)


def comment(
    number: NumberArgument,
    words: Annotated[str, typer.Argument(help="What is said of it.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say something of a case."""
    _act(settings_for(home, language), number, "comment", {"comment": words})


def measure(
    number: NumberArgument,
    words: Annotated[str, typer.Argument(help="What is done about it.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say what is done about it (整改措施)."""
    _act(settings_for(home, language), number, "measure", {"comment": words})


def due(
    number: NumberArgument,
    on: Annotated[str | None, typer.Option("--on", help="Day, YYYY-MM-DD.")] = None,
    working_days: Annotated[
        int | None, typer.Option("--working-days", help="So many from today.")
    ] = None,
    comment: CommentOption = "",
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Name the day until whose end it has to be put right (限期)."""
    body = {"due_on": on, "working_days": working_days, "comment": comment}
    _act(settings_for(home, language), number, "due", body)


def evidence(
    number: NumberArgument,
    add: Annotated[
        Path | None, typer.Option("--add", help="JPEG, PNG or PDF of at most 10 MB.")
    ] = None,
    get: Annotated[str | None, typer.Option("--get", help="SHA-256 of a document.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="With --get: the file to write.")] = None,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Add a document to a case, or write one of its documents to a file."""
    settings = settings_for(home, language)
    clock = home_clock(settings.home)
    path = f"{CASES}/{number}/evidence"
    if add is not None and get is None:
        _require_size(add)
        say_done(upload(settings, clock, path, add, {}, if_match=WHICHEVER), settings)
    elif get is not None and to is not None and add is None:
        _write(to, fetch(settings, clock, f"{path}/{get}", {}))
        say_case("saved", settings, file=to)
    else:
        raise InputError("either --add, or --get with --to, must be given, got another choice")


def explain(
    number: NumberArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why the account went over.")],
    measures: Annotated[str, typer.Option("--measures", help="What is done about it.")],
    amount: Annotated[float, typer.Option("--amount", help="Explained, in the account's unit.")],
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Hand in an explanation of the overrun that the case is about."""
    settings = settings_for(home, language)
    body = {"reason": reason, "measures": measures, "amount": amount}
    ask(settings, "POST", f"{CASES}/{number}/explain", body=body, if_match=WHICHEVER)
    say_case("explained", settings, number=number)


def propose(
    number: NumberArgument,
    comment: NeededComment,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Say that it has been put right, and how (申请办结)."""
    _act(settings_for(home, language), number, "propose", {"comment": comment})


def send_back(
    number: NumberArgument,
    comment: NeededComment,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Turn a proposal to close down (退回整改)."""
    _act(settings_for(home, language), number, "send-back", {"comment": comment})


def close(
    number: NumberArgument,
    comment: NeededComment,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Close a case that somebody else proposed to close, or took up (办结)."""
    _act(settings_for(home, language), number, "close", {"comment": comment})


def reopen(
    number: NumberArgument,
    comment: NeededComment,
    home: HomeOption = None,
    language: LanguageOption = None,
) -> None:
    """Open a closed case again."""
    _act(settings_for(home, language), number, "reopen", {"comment": comment})


def _act(settings: Settings, number: int, verb: str, body: Mapping[str, Any]) -> None:
    done = ask(settings, "POST", f"{CASES}/{number}/{verb}", body=body, if_match=WHICHEVER)
    say_done(done, settings)


def _require_size(file: Path) -> None:
    """A file is asked before it is read: it may be larger than the memory."""
    size = file.stat().st_size if file.is_file() else 0
    if size > MOST_BYTES:
        raise InputError(
            f"a document must have at most {MOST_BYTES} bytes, got {file.name} with {size}"
        )


def _write(to: Path, content: bytes) -> None:
    try:
        to.write_bytes(content)
    except OSError as error:
        raise InputError(f"a file must be writable, got {to} ({error.strerror})") from None
