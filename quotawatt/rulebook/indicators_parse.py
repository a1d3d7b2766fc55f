"""Nodes of the sections ``indicators``, ``item_purposes`` and ``heating_seasons`` → values."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

import yaml

from quotawatt.measures import AMOUNT_UNITS, MEASURES
from quotawatt.rulebook import schema
from quotawatt.rulebook.basics import Citation
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.indicators import (
    ASSETS,
    DENOMINATORS,
    KGCE_IN,
    SEASONS,
    YEAR,
    Correction,
    HeatingSeasons,
    Indicator,
    ItemPurpose,
    Season,
)
from quotawatt.rulebook.schema import Fields, Problems

_ID = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_DAYS = 300
_CORRECTED_BY = ("hours_of_use", "area_per_person_m2")
_LIMIT_COLUMNS = ("quota_l_per_100km", "quota_kwh_per_100km")
_KEYS = ("id", "title", "formula", "unit", "amount_unit", "denominator", "assets", "trust")
_MORE = (
    *("carriers", "takes_in", "converts", "leaves_out", "season", "corrections"),
    *("limit_column", "partly_metered", "cites"),
)
_SEASON_KEYS = ("id", "place", "regular_from", "regular_until", "trust")
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")


def parse_indicator(node: yaml.Node, problems: Problems) -> Iterator[Located[Indicator]]:
    """One indicator."""
    found = schema.fields(node, problems, "an indicator", _KEYS, _MORE)
    if not schema.complete(found, _KEYS):
        return
    indicator = Indicator(
        id=name_of(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        formula=schema.both_languages(found["formula"], problems, "formula"),
        unit=schema.text(found["unit"], problems, "unit"),
        amount_unit=schema.choice(
            found["amount_unit"], problems, "amount_unit", tuple(AMOUNT_UNITS)
        ),
        denominator=schema.choice(found["denominator"], problems, "denominator", DENOMINATORS),
        carriers=_words(found, "carriers", problems, _measure),
        converts=_truth(found, "converts", problems),
        assets=_words(found, "assets", problems, _asset),
        cites=_cites(found, problems),
        trust=schema.trust(found["trust"], problems),
        takes_in=_words(found, "takes_in", problems, name_of),
        leaves_out=_words(found, "leaves_out", problems, name_of),
        season=_season(found, problems),
        corrections=tuple(_corrections(found, problems)),
        limit_column=_limit_column(found, problems),
        partly_metered=_truth(found, "partly_metered", problems),
    )
    _fits(node, indicator, problems)
    yield Located(indicator, problems.place(node))


def parse_item_purpose(node: yaml.Node, problems: Problems) -> Iterator[Located[ItemPurpose]]:
    """Which items serve a purpose."""
    keys = ("id", "title", "items", "trust")
    found = schema.fields(node, problems, "a purpose of items", keys, ("cites",))
    if not schema.complete(found, keys):
        return
    purpose = ItemPurpose(
        id=name_of(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        items=_words(found, "items", problems, schema.text),
        cites=_cites(found, problems),
        trust=schema.trust(found["trust"], problems),
    )
    yield Located(purpose, problems.place(node))


def parse_heating_seasons(node: yaml.Node, problems: Problems) -> Iterator[Located[HeatingSeasons]]:
    """The seasons of one place."""
    found = schema.fields(node, problems, "heating seasons", _SEASON_KEYS, ("dated", "cites"))
    if not schema.complete(found, _SEASON_KEYS):
        return
    dated: dict[int, Season] = {}
    for entry in schema.items(found["dated"], problems, "dated") if "dated" in found else ():
        season = _dated(entry, problems)
        if season is not None and season.year in dated:
            problems.note(entry, "a year must have one season that begins in it", season.year)
        if season is not None:
            dated[season.year] = season
    seasons = HeatingSeasons(
        id=schema.identifier(found["id"], problems, "id"),
        place=schema.text(found["place"], problems, "place"),
        regular_first=_month_day(found["regular_from"], problems, "regular_from"),
        regular_until=_month_day(found["regular_until"], problems, "regular_until"),
        dated=dated,
        trust=schema.trust(found["trust"], problems),
        cites=_cites(found, problems),
    )
    yield Located(seasons, problems.place(node))


def _dated(node: yaml.Node, problems: Problems) -> Season | None:
    found = schema.fields(node, problems, "a season", ("from", "until"))
    if not schema.complete(found, ("from", "until")):
        return None
    first, until = (schema.day(found[name], problems, name) for name in ("from", "until"))
    if first is None or until is None:
        return None
    if not 0 < (until - first).days <= _LONGEST_DAYS:
        rule = f"a season must end within {_LONGEST_DAYS} days after it began"
        problems.note(found["until"], rule, until)
        return None
    return Season(first, until, regular=False)


def _month_day(node: yaml.Node, problems: Problems, what: str) -> tuple[int, int]:
    match = _MONTH_DAY.fullmatch(str(node.value))
    try:
        day = date(2023, int(match[1]), int(match[2])) if match else None
    except ValueError:
        day = None
    if day is None:
        problems.note(node, f"{what} must be month and day, MM-DD", schema.shown(node))
        return 1, 1
    return day.month, day.day


def _cites(found: Fields, problems: Problems) -> Citation | None:
    return schema.citation(found["cites"], problems) if "cites" in found else None


def check_indicators(draft: Draft) -> Iterator[str]:
    """Purposes that an indicator names and that have no items."""
    known = draft.ids("item_purposes")
    for entry in draft.of("indicators"):
        for purpose in (*entry.value.takes_in, *entry.value.leaves_out):
            if purpose not in known:
                yield (
                    f"{entry.place}: a purpose must be one of the section item_purposes,"
                    f" got {purpose}"
                )


def check_heating_seasons(draft: Draft) -> Iterator[str]:
    """Places that have two lists of seasons at the same time."""
    by_place: dict[str, Located[HeatingSeasons]] = {}
    for entry in draft.of("heating_seasons"):
        other = by_place.setdefault(entry.value.place, entry)
        if other.value.id != entry.value.id and other.overlaps(entry):
            yield (
                f"{entry.place}: a place must have one list of heating seasons,"
                f" got {entry.value.place} again (first: {other.place})"
            )


def name_of(node: yaml.Node, problems: Problems, what: str) -> str:
    """A name of lower-case letters, digits and underscores, as measures have them."""
    value = schema.text(node, problems, what)
    if value and not _ID.fullmatch(value):
        problems.note(node, f"{what} must be of lower-case letters, digits and '_'", value)
    return value


def _fits(node: yaml.Node, indicator: Indicator, problems: Problems) -> None:
    """Whether the parts of an indicator belong together."""
    if not (indicator.carriers or indicator.takes_in):
        problems.note(node, "an indicator must have carriers or takes_in", indicator.id)
    if indicator.converts != (indicator.amount_unit in KGCE_IN):
        rule = "an indicator must convert where its amount_unit is kgce or tce, and only there"
        problems.note(node, rule, indicator.amount_unit)
    if not indicator.converts:
        units = {MEASURES[name].unit for name in indicator.carriers if name in MEASURES}
        if units - {indicator.amount_unit}:
            rule = f"what is not converted must be in {indicator.amount_unit}"
            problems.note(node, rule, ", ".join(sorted(units)))


def _words(
    found: Fields, key: str, problems: Problems, read: Callable[[yaml.Node, Problems, str], str]
) -> tuple[str, ...]:
    listed: Iterable[yaml.Node] = schema.items(found[key], problems, key) if key in found else ()
    return tuple(read(node, problems, key) for node in listed)


def _measure(node: yaml.Node, problems: Problems, what: str) -> str:
    name = schema.text(node, problems, what)
    if name and (name not in MEASURES or not MEASURES[name].additive):
        problems.note(node, f"{what} must be counters of docs/nomenclature.md", name)
    return name


def _asset(node: yaml.Node, problems: Problems, what: str) -> str:
    return schema.choice(node, problems, what, ASSETS)


def _truth(found: Fields, key: str, problems: Problems) -> bool:
    if key not in found:
        return False
    return schema.choice(found[key], problems, key, ("true", "false")) == "true"


def _season(found: Fields, problems: Problems) -> str:
    if "season" not in found:
        return YEAR
    return schema.choice(found["season"], problems, "season", SEASONS)


def _limit_column(found: Fields, problems: Problems) -> str:
    if "limit_column" not in found:
        return ""
    return schema.choice(found["limit_column"], problems, "limit_column", _LIMIT_COLUMNS)


def _corrections(found: Fields, problems: Problems) -> Iterator[Correction]:
    keys = ("by", "constant", "slope", "at", "when", "trust")
    listed: Iterable[yaml.Node] = (
        schema.items(found["corrections"], problems, "corrections")
        if "corrections" in found
        else ()
    )
    for node in listed:
        entry = schema.fields(node, problems, "a correction", keys)
        if schema.complete(entry, keys):
            yield Correction(
                by=schema.choice(entry["by"], problems, "by", _CORRECTED_BY),
                constant=schema.number(entry["constant"], problems, "constant", 0, 1),
                slope=schema.number(entry["slope"], problems, "slope", 0, 1),
                at=schema.number(entry["at"], problems, "at", 0.001, 1e6),
                when=schema.choice(entry["when"], problems, "when", ("above", "below")),
                trust=schema.trust(entry["trust"], problems),
            )
