"""An account in sentences: what was used, how that stands to the budget, and what the year comes to."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from api.console.standing import Standing
from api.console.texts import Words
from quotawatt import formatting
from quotawatt.rulebook.model import Tier

Row = Mapping[str, Any]


def amount(value: float | None, unit: str) -> str:
    """An amount with its unit; a dash for what is not known."""
    figure = "0" if value == 0 else formatting.significant(value)
    return figure if value is None else f"{figure} {formatting.formula(unit)}"


def account_sentences(item: Row, standing: Standing, day: date, words: Words) -> list[str]:
    """The sentences of one account as of the end of a day; ``item`` is a row of GET /quota."""
    return list(_sentences(item, standing, day, words))


def _sentences(item: Row, standing: Standing, day: date, words: Words) -> Iterator[str]:
    unit, limit = item["unit"], item["limits"][Tier.CONSTRAINT]
    yield words(
        "quota_said_used",
        day=day,
        used=amount(item["used"], unit),
        share=formatting.percent(item["share_pct"]),
        limit=amount(limit, unit),
    )
    if item["clause"] and item["denominator_name"] != "none":
        yield _limit(item, words)
    over = item["days"] >= item["days_in_year"]
    if item["ahead"] is not None and not over:
        yield _budget(item, words)
    if over:
        yield words("quota_said_closed", standing=words(f"standing_{standing.word}"))
        return
    if item["projected"] is None:
        yield words("quota_said_no_projection")
        return
    yield words(
        "quota_said_projected",
        value=amount(item["projected"], unit),
        share=formatting.percent(item["projected_share_pct"]),
        low=formatting.significant(item["projected_low"]),
        high=amount(item["projected_high"], unit),
    )
    yield from _ahead(item, day, words)


def _limit(item: Row, words: Words) -> str:
    clause, name = item["clause"], item["denominator_name"]
    return words(
        "quota_said_limit",
        value=amount(item["tiers"][Tier.CONSTRAINT], item["intensity_unit"]),
        denominator=amount(item["denominator"], "m²")
        if name.endswith("_m2")
        else formatting.significant(item["denominator"]),
        name=words(f"denominator_{name}"),
        clause=f"{clause['number']} {clause['name'][words.language]}",
    )


def _budget(item: Row, words: Words) -> str:
    meant, ahead = item["budget_to_date"], item["ahead"]
    key = "quota_said_ahead" if ahead > 0 else "quota_said_behind"
    return words(
        key,
        budget=amount(meant, item["unit"]),
        difference=amount(abs(ahead), item["unit"]),
        share=formatting.percent(100 * abs(ahead) / meant if meant else None),
    )


def _ahead(item: Row, day: date, words: Words) -> Iterator[str]:
    probability = item["over_probability"].get(Tier.CONSTRAINT)
    if probability is not None:
        yield words("quota_said_probability", share=chance(probability))
    exhausted = item["exhaustion_day"]
    if exhausted is not None:
        key = "quota_said_exhausted" if exhausted <= day else "quota_said_exhausts"
        yield words(key, day=exhausted)
    if item["allowance_per_day"]:
        yield words("quota_said_allowance", value=amount(item["allowance_per_day"], item["unit"]))


def chance(probability: float | None) -> str:
    """A probability in whole percent; the ends are never made certain."""
    if probability is None:
        return formatting.DASH
    if probability < 0.01:
        return "< 1\u00a0%"
    return "> 99\u00a0%" if probability > 0.99 else f"{100 * probability:.0f}\u00a0%"
