"""Cases, their steps and their statistics as tables."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from alerts.cases.model import CaseEvent
from alerts.messages.words import EVENT_WORDS, SEVERITY_WORDS, STATE_WORDS
from quotawatt.app.console import (
    NONE,
    Column,
    Row,
    clause_words,
    local_time,
    number,
    percent,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_budget import budget_text
from quotawatt.app.texts_cases import case_text
from quotawatt.rulebook.basics import Text
from quotawatt.settings import Settings


def say_case(key: str, settings: Settings, **values: object) -> None:
    """Print a line of ``texts_cases`` in the reader's language."""
    words = case_text(key, settings.language, **values)
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def say_done(case: Row, settings: Settings) -> None:
    """What was just done to a case, and how it stands."""
    lang = settings.language
    event = _in(EVENT_WORDS[case["steps"][-1]["event"]], lang)
    state = _in(STATE_WORDS[case["state"]], lang)
    say_case("done", settings, number=case["number"], event=event, state=state)


def print_cases(rows: Sequence[Row], total: int, settings: Settings) -> None:
    """Cases, a line each."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    columns = [
        Column("number", lambda r: str(r["number"]), True, True),
        Column("severity", lambda r: _in(SEVERITY_WORDS[r["severity"]], lang), no_wrap=True),
        Column("state", lambda r: _in(STATE_WORDS[r["state"]], lang), no_wrap=True),
        Column("rule", lambda r: r["title"][lang]),
        Column("subject", lambda r: f"{r['name'][lang]} {r['subject']}"),
        Column("organisation", lambda r: r["organisation"] or NONE, least=110),
        Column("opened", lambda r: local_time(r["opened_at"], zone, "%Y-%m-%d"), no_wrap=True),
        Column("due_on", lambda r: _due(r, lang), no_wrap=True),
        Column("person", lambda r: _person(r, lang), least=120),
    ]
    if not rows:
        say_case("cases_none", settings)
        return
    title = case_text("cases_title", lang, count=total, listed=len(rows))
    _print(rows, columns, title, lang)


def _person(case: Row, lang: str) -> str:
    """Whoever has it to do."""
    return _named(case, "assignee" if case["assignee"] else "owner", lang)


def _named(case: Row, role: str, lang: str) -> str:
    """The name; the key where nobody goes by it any more."""
    name = case[f"{role}_name"]
    return name[lang] if name else case[role] or NONE


def _say_standing(case: Row, settings: Settings, zone: ZoneInfo) -> None:
    """Whether the condition holds; of a case that was retracted it never did."""
    key, since = "case_unknown", None
    if case["state"] == "retracted":
        key, since = "case_retracted", case["closed_at"]
    elif case["firing"]:
        key, since = "case_firing", case["began_at"]
    elif case["clear_since"]:
        key, since = "case_clear", case["clear_since"]
    say_case(key, settings, since=local_time(since, zone))


def print_case(case: Row, settings: Settings) -> None:
    """One case with its steps, documents, notices and explanations."""
    lang, zone = settings.language, ZoneInfo(settings.timezone)
    say_case("case_title", settings, number=case["number"], title=case["title"][lang])
    say_case(
        "case_subject",
        settings,
        name=case["name"][lang],
        subject=case["subject"],
        severity=_in(SEVERITY_WORDS[case["severity"]], lang),
        state=_in(STATE_WORDS[case["state"]], lang),
    )
    _say_standing(case, settings, zone)
    if case["clause"]:
        say_case("case_clause", settings, clause=clause_words(case["clause"], lang))
    if case["advice"]:
        say_case("case_advice", settings, advice=case["advice"][lang])
    people = {name: _named(case, name, lang) for name in ("owner", "assignee")}
    say_case("case_people", settings, due_on=_due(case, lang), **people)
    for name, columns in _lists(lang, zone).items():
        if rows := case[name]:
            title = case_text(f"{name}_title", lang, count=len(rows))
            _print(folded(rows), columns, title, lang)


def folded(rows: Sequence[Row]) -> list[Row]:
    """The rows, reminders that follow on each other as one: the last of them, with how many they are.

    Of a case that nobody answered for a year they would hide what people did.
    """
    found: list[Row] = []
    for row in rows:
        before = found[-1] if found else None
        if before and _reminder(row) and _reminder(before) == _reminder(row):
            found[-1] = {**row, "times": before.get("times", 1) + 1}
        else:
            found.append(row)
    return found


def _reminder(row: Row) -> tuple[object, ...] | None:
    """What reminders have in common that are told as one; None for anything else."""
    if row.get("event") != CaseEvent.REMINDED:
        return None
    return tuple(row.get(name) for name in ("actor", "recipient", "channel", "state", "reason"))


def print_statistics(answer: Row, first: str, settings: Settings) -> None:
    """Statistics by group, and the whole last."""
    lang = settings.language
    rows = [*answer["items"], answer["whole"]]
    if not answer["whole"]["cases"]:
        say_case("statistics_none", settings)
        return
    columns = [
        Column("group", lambda r: f"{r['title'][lang]} {r['group']}".strip()),
        *(_count(name) for name in ("cases", "open", "unanswered", "overdue")),
        *(_count(name, least=110) for name in ("reopened", "retracted")),
        Column("acknowledge", lambda r: _spread(r, "acknowledge_h"), True, True),
        Column("close", lambda r: _spread(r, "close_working_days"), True, True),
        Column("in_time", lambda r: percent(r["in_time_pct"]), True, True),
    ]
    _print(rows, columns, case_text("statistics_title", lang, first=first), lang)


def _lists(lang: str, zone: ZoneInfo) -> dict[str, list[Column]]:
    """The tables of one case by the name under which the answer has them."""

    def at(name: str) -> Column:
        return Column("at", lambda r: local_time(r[name], zone), no_wrap=True)

    def plain(name: str, key: str = "") -> Column:
        return Column(name, lambda r: r[key or name] or NONE)

    def what(row: Row) -> str:
        word, times = _in(EVENT_WORDS[row["event"]], lang), row.get("times", 1)
        return f"{word} ×{times}" if times > 1 else word

    event = Column("event", what, no_wrap=True)
    told = Column("told", lambda r: case_text(f"notice_{r['state']}", lang), no_wrap=True)
    state = Column("state", lambda r: budget_text(f"state_{r['state']}", lang), no_wrap=True)
    amount = Column("amount", lambda r: f"{number(r['amount'])} {r['unit']}", right=True)
    return {
        "steps": [at("at"), event, plain("actor"), plain("comment")],
        "evidence": [at("added_at"), plain("name"), plain("actor", "added_by"), plain("sha256")],
        "notices": [at("at"), event, plain("recipient"), plain("channel"), told, plain("reason")],
        "explanations": [at("written_at"), state, amount, plain("reason"), plain("measures")],
    }


def _print(rows: Sequence[Row], columns: Sequence[Column], title: str, lang: str) -> None:
    console = table_console()
    console.print(table_of(rows, columns, title, lang, console.width, case_text))


def _count(name: str, least: int = 0) -> Column:
    return Column(name, lambda row: str(row[name]), True, True, least)


def _spread(row: Row, name: str) -> str:
    return f"{number(row[f'{name}_median'], 1)} / {number(row[f'{name}_p90'], 1)}"


def _due(row: Row, lang: str) -> str:
    mark = case_text("overdue_mark", lang) if row["overdue"] else ""
    return f"{row['due_on'] or NONE}{mark}"


def _in(text: Text, lang: str) -> str:
    return text.zh if lang == "zh" else text.en
