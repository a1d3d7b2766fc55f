"""What a plan would change of carbon and of yearly accounts, with all that was assumed."""

from quotawatt.app.coal_lines import coal_by
from quotawatt.app.console import Column, Row, number, table_console, table_of
from quotawatt.app.naming import measure_unit, measure_word
from quotawatt.app.texts import text
from quotawatt.app.texts_carbon import carbon_text
from quotawatt.settings import Language, Settings


def print_what_if(answer: Row, settings: Settings) -> None:
    """What changes, where accounts would land, and all that was assumed."""
    language = settings.language
    for change in answer["changes"]:
        action = carbon_text(f"action_{change['action']}", language)
        named = {"action": action, "measure": measure_word(change["measure"], language)}
        unit = measure_unit(change["measure"])
        line = carbon_text("change_line", language, **{**change, **named, "unit": unit})
        _line(line + _coal(change, language))
    if answer["pv"]:
        _line(carbon_text("pv_line", language, **answer["pv"]))
    columns = [
        Column("account", lambda r: r["id"]),
        Column("unit", lambda r: r["unit"], no_wrap=True),
        Column("limit", lambda r: number(r["limit"]), True, True),
        Column("without", lambda r: number(r["without"]), True, True),
        Column("with_plan", lambda r: number(r["with_plan"]), True, True),
        Column("next_without", lambda r: number(r["next_without"]), True, True, least=100),
        Column("next_with_plan", lambda r: number(r["next_with_plan"]), True, True, least=100),
    ]
    title = carbon_text("effects_title", language, asset=answer["asset"], year=answer["year"])
    console = table_console()
    console.print(table_of(answer["effects"], columns, title, language, console.width, carbon_text))
    for assumed in answer["assumptions"]:
        values = {**assumed, "title": assumed["title"][language]}
        values["trust"] = _known_how(assumed, language)
        _line(carbon_text("assumed_line", language, **values))


def _known_how(assumed: Row, language: Language) -> str:
    """How well a figure of the rulebook is known; of another one, where it is from."""
    if assumed["origin"] == "rulebook":
        return text(assumed["trust"], language)
    return carbon_text(f"origin_{assumed['origin']}", language)


def _coal(change: Row, language: Language) -> str:
    """What changes in coal equivalent, with its factors; empty for what is no energy."""
    if change["kgce"] is None:
        return ""
    by = coal_by(change, language)
    figures = {"kgce": change["kgce"], "tce": change["tce"], "by": by}
    return carbon_text("change_coal", language, **figures)


def _line(words: str) -> None:
    table_console().print(words, markup=False, highlight=False, soft_wrap=True)
