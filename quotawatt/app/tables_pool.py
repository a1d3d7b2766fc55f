"""The listings of the pool, of norms and of scores as tables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

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
from quotawatt.app.texts import text
from quotawatt.app.texts_pool import pool_text
from quotawatt.settings import Settings


def print_offers(rows: Sequence[Row], settings: Settings) -> None:
    """What the pool holds, and how each offer stands."""
    language = settings.language
    columns = [
        Column("number", lambda row: str(row["id"]), right=True, no_wrap=True),
        Column("asset", lambda row: asset_words(row, language)),
        Column("kind", lambda row: row["kind"] or NONE),
        Column("holder", lambda row: row["holder"], no_wrap=True),
        Column("term", lambda row: _term(row, language)),
        Column("state", lambda row: pool_text(f"state_{row['state']}", language), no_wrap=True),
        Column("taker", lambda row: row["taker"] or NONE, no_wrap=True),
        Column("location", lambda row: row["location"] or NONE, least=100),
    ]
    _print(rows, columns, "offers", settings, count=len(rows))


def print_candidates(rows: Sequence[Row], settings: Settings) -> None:
    """What stands idle and is not offered, with what shows it."""
    language = settings.language
    columns = [
        Column("asset", lambda row: asset_words(row, language)),
        Column("kind", lambda row: row["kind"] or NONE),
        Column("organisation", lambda row: row["organisation"] or NONE, no_wrap=True),
        Column("evidence", lambda row: evidence_words(row["evidence"], language)),
    ]
    _print(rows, columns, "candidates", settings, count=len(rows))


def print_matches(answer: Row, settings: Settings) -> None:
    """What would do instead of buying, and the number of the search."""
    language = settings.language
    rows: Sequence[Row] = answer["matches"]
    columns = [
        Column("number", lambda row: str(row["offer"] or NONE), right=True, no_wrap=True),
        Column("asset", lambda row: asset_words(row, language)),
        Column("kind", lambda row: row["kind"] or NONE),
        Column("holder", lambda row: row["holder"], no_wrap=True),
        Column("why", lambda row: _reasons(row, language)),
    ]
    _print(rows, columns, "matches", settings, number=answer["number"], count=len(rows))
    if not rows:
        return
    key = "matches_cite" if answer["enough"] else "matches_few"
    wanted = answer["wanted"]["quantity"]
    _line(pool_text(key, language, number=answer["number"], wanted=wanted, found=len(rows)))


def print_norms(answer: Row, settings: Settings) -> None:
    """Holdings against norms, the clauses under them."""
    language = settings.language
    clauses = Clauses(language)
    rows: Sequence[Row] = answer["items"]
    columns = [
        Column("organisation", lambda row: row["organisation"], no_wrap=True),
        Column("asset", lambda row: row["subject"], no_wrap=True),
        Column("norm", lambda row: _norm(row, language)),
        Column("held", lambda row: _amount(row, "held", language), right=True, no_wrap=True),
        Column("allowed", lambda row: _amount(row, "allowed", language), right=True, no_wrap=True),
        Column("excess", lambda row: _excess(row, language), right=True, no_wrap=True),
        Column("clause", lambda row: clauses.mark(row["clause"]), no_wrap=True),
    ]
    _print(rows, columns, "norms", settings, count=len(rows), as_of=answer["as_of"])
    clauses.print_to(table_console())
    missing = [f for f in answer["findings"] if f["code"].endswith("_unknown")]
    if missing:
        _line(pool_text("norms_missing", language, count=len(missing)))


def print_scores(answer: Row, settings: Settings) -> None:
    """Each organisation's score with all its parts, a table for each scheme."""
    language = settings.language
    as_of = local_time(answer["as_of"], ZoneInfo(settings.timezone))
    for scheme in answer["schemes"]:
        rows = [row for row in answer["items"] if row["scheme"] == scheme["id"]]
        headings = {part["basis"]: part["title"][language] for part in scheme["parts"]}
        columns = [
            Column("organisation", lambda row: row["organisation"], no_wrap=True),
            Column("points", lambda row: number(row["points"], 1), right=True, no_wrap=True),
            Column("known", lambda row: percent(row["known_pct"]), right=True, no_wrap=True),
            *(Column(basis, _points_of(basis), right=True) for basis in headings),
        ]
        title = pool_text("scores_title", language, year=answer["year"], as_of=as_of)
        console = table_console()
        if not rows:
            _line(pool_text("scores_none", language))
            continue
        console.print(table_of(rows, columns, title, language, console.width, _headings(headings)))
        marks = text(scheme["trust"], language)
        _line(pool_text("scores_scheme", language, title=scheme["title"][language] + marks))
    _line(pool_text("scores_unknown", language))


def asset_words(row: Row, language: str) -> str:
    """The asset's code and name."""
    return f"{row['asset']} {row['name'].get(language, '')}".rstrip()


def evidence_words(evidence: Mapping[str, Any], language: str) -> str:
    """What shows that an asset stands idle, in a line."""
    if not evidence:
        return pool_text("evidence_register", language)
    if "hours" not in evidence:  # of a vehicle: its rule and what it found
        return f"{evidence[f'rule_title_{language}']}: {evidence['shown']:g} {evidence['unit']}"
    return pool_text("evidence_measured", language, days=evidence["hours"] / 24, **evidence)


def _print(
    rows: Sequence[Row], columns: Sequence[Column], what: str, settings: Settings, **values: object
) -> None:
    language = settings.language
    if not rows:
        _line(pool_text(f"{what}_none", language, **values))
        return
    console = table_console()
    title = pool_text(f"{what}_title", language, **values)
    console.print(table_of(rows, columns, title, language, console.width, pool_text))


def _line(words: str) -> None:
    table_console().print(words, markup=False, highlight=False, soft_wrap=True)


def _headings(parts: Mapping[str, str]) -> Callable[..., str]:
    """Headings of the parts are the scheme's own titles."""
    return lambda key, language: parts[key] if key in parts else pool_text(key, language)


def _points_of(basis: str) -> Callable[[Row], str]:
    return lambda row: next(number(p["points"], 0) for p in row["parts"] if p["basis"] == basis)


def _term(row: Row, language: str) -> str:
    if row["lend_until"] is not None:
        return pool_text("term_lend_until", language, until=row["lend_until"])
    return pool_text(f"term_{row['term']}", language)


def _reasons(row: Row, language: str) -> str:
    return ("、" if language == "zh" else ", ").join(
        pool_text(f"reason_{reason}", language) for reason in row["reasons"]
    )


def _norm(row: Row, language: str) -> str:
    """The norm with its trust mark, and the post where it goes by one."""
    title = f"{row['title'][language]}{text(row['trust'], language)}"
    if row["post_title"] is None:
        return title
    people = f"{row['people']:g} × {row['per_person']:g} m²"
    return f"{title}: {row['post_title'][language]}, {people}"


def _amount(row: Row, key: str, language: str) -> str:
    return pool_text(f"unit_{row['holding']}", language, value=row[key])


def _excess(row: Row, language: str) -> str:
    return _amount(row, "excess", language) if row["over"] else NONE
