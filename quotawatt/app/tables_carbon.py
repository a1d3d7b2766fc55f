"""Carbon as tables: the tree in both ledgers, months, targets, certificates, scorecards."""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.app.coal_lines import CoalNotes
from quotawatt.app.console import (
    NONE,
    Clauses,
    Column,
    Row,
    local_time,
    number,
    percent,
    table_console,
    table_of,
)
from quotawatt.app.naming import measure_word
from quotawatt.app.texts import text
from quotawatt.app.texts_carbon import carbon_text
from quotawatt.settings import Language, Settings


def print_ledgers(answer: Row, settings: Settings) -> None:
    """The tree with both ledgers side by side, the months, and the factors under them."""
    language, notes = settings.language, CoalNotes(settings.language)
    market = {(node["id"]): node for node, _ in _walk(answer["market"])}
    rows = [
        {**node, "depth": depth, "market": market.get(node["id"], {}).get("kgco2")}
        for node, depth in _walk(answer["location"])
    ]
    rows[0]["title"] = {"zh": answer["asset"], "en": answer["asset"]}
    rows[0]["market"] = answer["market"]["kgco2"]
    columns = [
        Column("node", lambda r: "  " * r["depth"] + r["title"][language], no_wrap=True),
        Column("amount", _amounts),
        Column("coal", lambda r: _coals(r, notes), right=True, no_wrap=True),
        Column("location", lambda r: _tons(r["kgco2"]), right=True, no_wrap=True),
        Column("market", lambda r: _tons(r["market"]), right=True, no_wrap=True),
    ]
    values = {"asset": answer["asset"], "year": answer["year"], "until": answer["until"]}
    _print(rows, columns, carbon_text("tree_title", language, **values), settings)
    for line in notes.lines():
        _line(line)
    _line(carbon_text("memo", language, **answer["memo"]))
    _months(answer, settings)
    for factor in answer["factors"]:
        _line(_factor(factor, language))
    _line(answer["market_policy"]["text"][language] + text("unverified", language))
    for finding in answer["findings"]:
        _line(carbon_text("missing", language, code=finding["code"], detail=finding["detail"]))


def print_targets(answer: Row, settings: Settings) -> None:
    """Each account on its path, with its landing and the clause."""
    language, clauses = settings.language, Clauses(settings.language)
    if not answer["items"]:
        _line(carbon_text("targets_none", language))
        return

    def target(row: Row) -> str:
        return (
            f"{row['title'][language]}{text(row['trust'], language)} {clauses.mark(row['clause'])}"
        )

    columns = [
        Column("code", lambda r: r["asset"], no_wrap=True),
        Column("target", target),
        Column("used", lambda r: f"{number(r['used'])} {r['amount_unit']}", True, True),
        Column("limit", lambda r: number(r["limit"]), True, True),
        Column("gap", lambda r: number(r["gap"]), True, True),
        Column("landing", _landing, True, True),
        Column("probability", lambda r: percent(_hundredfold(r["over_probability"])), True, True),
    ]
    as_of = local_time(answer["as_of"], ZoneInfo(settings.timezone))
    _print(answer["items"], columns, carbon_text("targets_title", language, as_of=as_of), settings)
    clauses.print_to(table_console())


def print_certificates(rows: Sequence[Row], settings: Settings) -> None:
    """Certificates with what they stand for, and whether they count."""
    language = settings.language
    if not rows:
        _line(carbon_text("certificates_none", language))
        return
    columns = [
        Column("number", lambda r: str(r["id"]), right=True, no_wrap=True),
        Column("certificate", lambda r: r["number"]),
        Column("kind", lambda r: carbon_text(f"kind_{r['kind']}", language), no_wrap=True),
        Column("code", lambda r: r["organisation"], no_wrap=True),
        Column("energy", lambda r: number(r["energy_mwh"], 1), True, True),
        Column("generated", lambda r: f"{r['generated_from']} – {r['generated_until']}"),
        Column("cancelled", lambda r: r["cancelled_on"] or NONE, no_wrap=True),
        Column("document", lambda r: r["document"] or NONE, least=100),
    ]
    _print(rows, columns, carbon_text("certificates_title", language, count=len(rows)), settings)


def print_scorecards(rows: Sequence[Row], settings: Settings) -> None:
    """Each scorecard item by item, with its title and what must be known of it."""
    language = settings.language
    columns = [
        Column("item", lambda r: r["title"][language] + text(r["trust"], language)),
        Column("met", _met, right=True, no_wrap=True),
        Column("points", lambda r: _points(r, language), right=True, no_wrap=True),
        Column("shown", lambda r: _shown(r["shown"])),
    ]
    for card in rows:
        title = carbon_text(
            "card_title",
            language,
            title=card["title"][language],
            trust=text(card["trust"], language),
            asset=card["asset"],
            year=card["year"],
        )
        _print(card["items"], columns, title, settings)
        _line(_card_end(card, language))


def _walk(node: Row, depth: int = 0) -> Iterator[tuple[Row, int]]:
    yield node, depth
    for below in node["nodes"]:
        yield from _walk(below, depth + 1)


def _months(answer: Row, settings: Settings) -> None:
    columns = [
        Column("month", lambda r: str(r["month"]), right=True, no_wrap=True),
        Column("location", lambda r: _tons(r["location_kgco2"]), True, True),
        Column("market", lambda r: _tons(r["market_kgco2"]), True, True),
        Column("fixed", lambda r: _tons(r.get("fixed_kgco2")), True, True),
        Column("grid", lambda r: number(r["grid_kwh"]), True, True),
        Column("green", lambda r: number(r["certificates_kwh"]), True, True),
    ]
    values = {"asset": answer["asset"], "year": answer["year"]}
    title = carbon_text("months_title", settings.language, **values)
    _print(answer["months"], columns, title, settings)


def _amounts(row: Row) -> str:
    return "; ".join(f"{number(p['amount'])} {p['unit']}" for p in row["parts"])


def _coals(row: Row, notes: CoalNotes) -> str:
    """Of each part as ``_amounts`` has it; nothing beside a node that has none."""
    return "; ".join(notes.cell(part) for part in row["parts"])


def _factor(factor: Row, language: Language) -> str:
    """A factor with its source, year and trust mark."""
    value = NONE if factor["value"] is None else f"{factor['value']:g}"
    named = {"measure": measure_word(factor["measure"], language), "value": value}
    values: dict[str, Any] = {**factor, **named, "trust": text(factor["trust"], language)}
    if factor["region"]:
        mark = carbon_text("provisional", language) if factor["provisional"] else ""
        year = carbon_text(
            "factor_year", language, region=factor["region"], year=factor["year"], mark=mark
        )
        values["source"] += year
    return carbon_text("factor_line", language, **values)


def _landing(row: Row) -> str:
    if row["projected"] is None:
        return NONE
    low, high = number(row["projected_low"]), number(row["projected_high"])
    return f"{number(row['projected'])} ({low}–{high})"


def _met(row: Row) -> str:
    return percent(None if row["met"] is None else 100 * row["met"])


def _points(row: Row, language: str) -> str:
    if row["must"]:
        return carbon_text("must", language)
    return f"{number(row['points'], 1)} / {row['weight']:g}"


def _shown(shown: Row) -> str:
    return "; ".join(f"{name} {_figure(value)}" for name, value in shown.items()) or NONE


def _figure(value: Any) -> str:
    if not isinstance(value, int | float):
        return str(value or NONE)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"


def _card_end(card: Row, language: str) -> str:
    """What it comes to; points where it gives any, and what must be met where anything must."""
    passed = {True: "passed_yes", False: "passed_no", None: "passed_unknown"}[card["passed"]]
    level = card["level"][language] if card["level"] else carbon_text("none", language)
    parts = [carbon_text("card_level", language, level=level, note=card["note"][language])]
    if any(item["must"] for item in card["items"]):
        parts.insert(0, carbon_text("card_must", language, passed=carbon_text(passed, language)))
    if card["possible_points"]:
        figures = {name: card[name] for name in ("points", "possible_points", "known_points")}
        parts.insert(0, carbon_text("card_points", language, **figures))
    return "".join(parts)


def _tons(kilograms: float | None) -> str:
    return number(None if kilograms is None else kilograms / 1000, 1)


def _hundredfold(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _print(rows: Sequence[Row], columns: Sequence[Column], title: str, settings: Settings) -> None:
    console = table_console()
    console.print(table_of(rows, columns, title, settings.language, console.width, carbon_text))


def _line(words: str) -> None:
    table_console().print(words, markup=False, highlight=False, soft_wrap=True)
