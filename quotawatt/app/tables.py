"""The listings as tables: their columns, how their cells read, and the clauses cited under them.

Instants are local to the zone that is passed in; only ``--json`` shows UTC.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from quotawatt.app.coal_lines import CoalNotes
from quotawatt.app.console import (
    NONE,
    Clauses,
    Column,
    Row,
    local_time,
    number,
    percent,
    printable,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.naming import measure_word, unit_word
from quotawatt.app.texts import text
from quotawatt.app.texts_quota import indicator_word
from quotawatt.formatting import significant
from quotawatt.settings import Language, Settings

_STYLES = {
    "over": "bold red",
    "projected_over": "red",
    "amber": "yellow",
    "unknown": "dim",
}
_BY_TIER = {
    "over_constraint": "projected_over",
    "over_baseline": "amber",
    "over_guidance": "fine",
    "within_guidance": "best",
}
_STARTS = {"hour": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "month": "%Y-%m"}


def standing_cell(status: Row, language: str) -> Text:
    """How a quota status stands, in the console's words and by its rule.

    What is over already is over; else what the year will come to decides.
    """
    projected = status["projected_standing"]
    if status["standing"] == "over_constraint":
        word = "over"
    elif projected is None:
        word = "unknown"
    elif projected == "over_guidance" and "baseline" not in status["tiers"]:
        word = "within"
    else:
        word = _BY_TIER[projected]
    return Text(text(f"standing_{word}", language), style=_STYLES.get(word, "green"))


def limit_words(status: Row, language: Language) -> str:
    """The constraint value with its unit."""
    unit = unit_word(status["intensity_unit"], language)
    return f"{status['tiers']['constraint']:g} {unit}"


def alert_subject(alert: Row, language: str) -> str:
    """Name of the asset; also which account of it, or the device's code, where it is about one."""
    name, account = str(alert["name"][language]), alert["account"]
    if account is not None:
        return f"{name} · {_account_word(account, language)}"
    return f"{name} · {alert['asset']}" if alert["input"] == "silence_h" else name


def _account_word(account: Row, language: str) -> str:
    if account["indicator"] == "carbon_target":
        return text("carbon_target", language)
    return indicator_word({**account, "indicator_title": account.get("title")}, language)


def alert_value(alert: Row, language: str) -> str:
    """The value that the rule judged, with its unit: a share, an excess, how long a device has been silent.

    That of a finding only says that it is open.
    """
    value, measured = alert["value"], alert["measured"]
    if value is None or measured is None:
        return NONE
    if alert["input"] == "silence_h":
        return text("silent_days", language, days=value / 24)
    unit = measured["unit"][language]
    if unit != "%":
        return f"{significant(value)} {unit}".rstrip()
    return percent(value, "+" if alert["input"] == "electricity_excess_pct" else "")


def print_quota(answer: Row, settings: Settings) -> None:
    """Each account on a quota, with the limit, where it stands and the clause.

    Where a year goes on also how far the use is ahead of the budget, and the interval of the year's end.
    """
    lang, clauses = settings.language, Clauses(settings.language)
    coal = CoalNotes(lang)
    goes_on = any(row["days"] < row["days_in_year"] for row in answer["items"])

    def limit(row: Row) -> str:
        return limit_words(row, lang) + text(row["trust"], lang)

    columns = [
        Column("code", lambda r: r["asset"], no_wrap=True),
        Column("indicator", lambda r: _cited(indicator_word(r, lang), r, clauses), no_wrap=True),
        Column("limit", limit, right=True, no_wrap=True),
        Column(
            "intensity",
            lambda r: number(r["intensity"], 1),
            True,
            True,
            least=150 if goes_on else 118,
        ),
        Column("amount", lambda r: number(r["used"]), True, True, least=130),
        Column("unit", lambda r: r["unit"], no_wrap=True, least=130),
        Column("coal", coal.cell, True, True, least=100),
        Column("standing", lambda r: standing_cell(r, lang)),
        *_shares("share", "projected_share_pct"),
        *(_open_year() if goes_on else ()),
    ]
    title = _title("quota_title", answer, settings)
    _print(answer["items"], columns, title, "quota_none", clauses)
    for line in coal.lines():
        table_console().print(line, markup=False, highlight=False)


def _open_year() -> list[Column]:
    """How the use stands to the budget to date, and the ends of the year's interval, in percent."""

    def ahead(row: Row) -> str:
        if row["ahead"] is None or not row["budget_to_date"]:
            return NONE
        return percent(100 * row["ahead"] / row["budget_to_date"], "+")

    def interval(row: Row) -> str:
        low, high, limit = row["projected_low"], row["projected_high"], row["limits"]["constraint"]
        if low is None or high is None or not limit:
            return NONE
        return f"{100 * low / limit:.0f}–{100 * high / limit:.0f} %"

    return [
        Column("to_budget", ahead, True, True, least=120),
        Column("interval", interval, True, True, least=130),
    ]


def print_carbon(answer: Row, settings: Settings) -> None:
    """Each account on the carbon path, with what the path allows and the clause."""
    lang, clauses = settings.language, Clauses(settings.language)

    def factor(row: Row) -> str:
        key = "provisional" if row["provisional"] else "factor_year"
        return text(key, lang, year=row["grid_factor_year"] or NONE)

    def allowed(row: Row) -> str:
        return number(row["limit_kgco2"] / 1000, 1) + text(row["trust"], lang)

    columns = [
        Column("code", lambda r: _cited(r["asset"], r, clauses), no_wrap=True),
        Column("emitted", lambda r: number(r["used_kgco2"] / 1000, 1), True, True),
        Column("allowed", allowed, True, True),
        *_shares("carbon_share", "projected_share_pct"),
        Column("grid_factor", factor),
    ]
    title = _title("carbon_title", answer, settings)
    _print(answer["items"], columns, title, "carbon_none", clauses)


def print_consumption(answer: Row, rows: Sequence[Row], settings: Settings) -> None:
    """Intervals in the time of the subject's zone, each with its quality and coverage."""
    lang, zone = settings.language, ZoneInfo(answer["timezone"])
    form = _STARTS[answer["grain"]]
    columns = [
        Column("start", lambda r: local_time(r["start"], zone, form), no_wrap=True),
        Column("measure", lambda r: measure_word(r["measure"], lang), no_wrap=True),
        Column("value", lambda r: number(r["value"], 2), True, True),
        Column("unit", lambda r: r["unit"], no_wrap=True),
        Column("quality", lambda r: text(f"quality_{r['quality']}", lang)),
        Column("coverage", lambda r: percent(_hundredfold(r["coverage"])), True, True),
    ]
    title = text("consumption_title", lang, subject=answer["subject"], zone=zone.key)
    _print(rows, columns, title, "consumption_none", Clauses(lang))


def print_alerts(answer: Row, settings: Settings) -> None:
    """Alerts with what each is about, since when, its value and the clause."""
    lang, clauses = settings.language, Clauses(settings.language)
    zone = ZoneInfo(settings.timezone)

    def since(row: Row) -> str:
        return local_time(row["firing_since"] or row["pending_since"], zone, "%Y-%m-%d")

    columns = [
        Column("number", lambda r: str(r["id"]), True, True),
        Column("severity", lambda r: text(f"severity_{r['severity']}", lang), no_wrap=True),
        Column("state", lambda r: text(f"state_{r['state']}", lang), no_wrap=True, least=100),
        Column("rule", lambda r: r["title"][lang]),
        Column("subject", lambda r: alert_subject(r, lang)),
        Column("since", since, no_wrap=True),
        Column("value", lambda r: alert_value(r, lang), True, True),
        Column("clause", lambda r: clauses.mark(r["clause"]), no_wrap=True),
    ]
    title = _counted("alerts_title", answer, settings)
    _print(answer["items"], columns, title, "alerts_none", clauses)


def print_taken_up(alert: Row, settings: Settings) -> None:
    """Which alert was taken up, by whom and when."""
    lang = settings.language
    words = text(
        "taken_up",
        lang,
        number=alert["id"],
        rule=alert["title"][lang],
        subject=alert_subject(alert, lang),
        by=alert["acknowledged_by"],
        at=local_time(alert["acknowledged_at"], ZoneInfo(settings.timezone)),
    )
    stdout.print(printable(words), markup=False, highlight=False, soft_wrap=True)


def _shares(used: str, projected: str) -> list[Column]:
    """How much is used, what the year will come to, and how much of the time was measured."""
    return [
        Column(used, lambda r: percent(r["share_pct"]), True, True),
        Column("projected", lambda r: percent(r[projected]), True, True),
        Column("coverage", lambda r: percent(_hundredfold(r["coverage"])), True, True, least=100),
    ]


def _hundredfold(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _cited(words: str, row: Row, clauses: Clauses) -> str:
    """The words with the number of the row's clause."""
    return f"{words} {clauses.mark(row['clause'])}" if row["clause"] else words


def _title(key: str, answer: Row, settings: Settings) -> str:
    as_of = local_time(answer["as_of"], ZoneInfo(settings.timezone))
    years = ", ".join(sorted({str(item["year"]) for item in answer["items"]}))
    return text(key, settings.language, year=years, as_of=as_of)


def _counted(key: str, answer: Row, settings: Settings) -> str:
    return text(key, settings.language, count=answer["total"], zone=settings.timezone)


def _print(
    rows: Sequence[Row], columns: Sequence[Column], title: str, none: str, clauses: Clauses
) -> None:
    """The table with its footnotes, or a sentence where there is nothing to show."""
    console = table_console()
    if not rows:
        console.print(text(none, clauses.language))
        return
    console.print(table_of(rows, columns, title, clauses.language, console.width))
    clauses.print_to(console)
