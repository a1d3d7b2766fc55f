"""Nodes of the sections ``indicators`` and ``item_purposes`` → values."""

import re
from collections.abc import Callable, Iterable, Iterator

import yaml

from quotawatt.measures import AMOUNT_UNITS, MEASURES
from quotawatt.register.rules import VOCABULARIES
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
    Indicator,
    ItemPurpose,
)
from quotawatt.rulebook.schema import Fields, Problems

_ID = re.compile(r"[a-z][a-z0-9_]*")
_CORRECTED_BY = ("hours_of_use", "area_per_person_m2")
_LIMIT_COLUMNS = ("quota_l_per_100km", "quota_kwh_per_100km")
_KEYS = ("id", "title", "formula", "unit", "amount_unit", "denominator", "assets", "trust")
_MORE = (
    *("carriers", "takes_in", "converts", "leaves_out", "season", "corrections"),
    *("limit_column", "partly_metered", "cites"),
)


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
        carriers=words_of(found, "carriers", problems, _measure),
        converts=_truth(found, "converts", problems),
        assets=words_of(found, "assets", problems, _asset),
        cites=cites_of(found, problems),
        trust=schema.trust(found["trust"], problems),
        takes_in=words_of(found, "takes_in", problems, name_of),
        leaves_out=words_of(found, "leaves_out", problems, name_of),
        season=_season(found, problems),
        corrections=tuple(_corrections(found, problems)),
        limit_column=_limit_column(found, problems),
        partly_metered=_truth(found, "partly_metered", problems),
    )
    _fits(node, indicator, problems)
    yield Located(indicator, problems.place(node))


def parse_item_purpose(node: yaml.Node, problems: Problems) -> Iterator[Located[ItemPurpose]]:
    """Which items serve a purpose."""
    keys = ("id", "title", "trust")
    more = ("items", "rooms", "equipment", "heating", "season", "cites")
    found = schema.fields(node, problems, "a purpose of items", keys, more)
    if not schema.complete(found, keys):
        return
    purpose = ItemPurpose(
        id=name_of(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        items=words_of(found, "items", problems, schema.text),
        cites=cites_of(found, problems),
        trust=schema.trust(found["trust"], problems),
        rooms=words_of(found, "rooms", problems, _use_of_room),
        equipment=words_of(found, "equipment", problems, schema.text),
        heating=words_of(found, "heating", problems, _heated_by),
        season=_season(found, problems),
    )
    if not (purpose.items or purpose.rooms or purpose.equipment):
        problems.note(node, "a purpose must have items, rooms or equipment", purpose.id)
    yield Located(purpose, problems.place(node))


def cites_of(found: Fields, problems: Problems) -> Citation | None:
    """What an entry cites; None: nothing."""
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


def words_of(
    found: Fields, key: str, problems: Problems, read: Callable[[yaml.Node, Problems, str], str]
) -> tuple[str, ...]:
    """The values of a list, each read by ``read``; none where the key is not there."""
    listed: Iterable[yaml.Node] = schema.items(found[key], problems, key) if key in found else ()
    return tuple(read(node, problems, key) for node in listed)


def _measure(node: yaml.Node, problems: Problems, what: str) -> str:
    name = schema.text(node, problems, what)
    if name and (name not in MEASURES or not MEASURES[name].additive):
        problems.note(node, f"{what} must be counters of docs/nomenclature.md", name)
    return name


def _use_of_room(node: yaml.Node, problems: Problems, what: str) -> str:
    return schema.choice(node, problems, what, VOCABULARIES["spaces", "use"])


def _heated_by(node: yaml.Node, problems: Problems, what: str) -> str:
    return schema.choice(node, problems, what, VOCABULARIES["buildings", "heating"])


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
