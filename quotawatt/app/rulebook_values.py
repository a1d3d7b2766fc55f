"""The values of an entry of the rulebook as lines: words for keys, numbers with unit and trust mark."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from quotawatt.app.texts_rulebook import key_text, rulebook_text
from quotawatt.register.finding_words import in_words

_HIDDEN = ("id", "title", "cites", "trust", "effective_from", "effective_until", "superseded_by")
_WORDS = (
    *("status", "electricity_basis", "severity"),
    *("source", "direction", "grain", "close", "days", "command", "check"),
)
_DURATIONS = (
    *("for_", "keep_firing_for", "unused_for"),
    *("within", "verify_for", "reopen_within"),
)
_HOURS = ("from_", "until")
_PARTS = ("levels", "judges", "applies_to", "during", "flapping", "case", "offers")
"""Keys of alert rules whose values have parts with words of their own."""

_SAYS_NOTHING: tuple[object, ...] = (None, "", [], {})


def value_lines(values: Mapping[str, Any], language: str) -> Iterator[str]:
    """A line for each value that is given; what has parts with words of their own, one for each part."""
    for name, value in values.items():
        if name in _HIDDEN or value in _SAYS_NOTHING:
            continue
        if name in ("coal_equivalent", "carbon"):
            yield f"{key_text(name, language)}:"
            yield from (f"  {line}" for line in _factors(value, language))
        elif name == "selectors":
            yield from (f"{key_text(name, language)}: {_selector(one, language)}" for one in value)
        elif name == "tiers":
            unit = values.get("unit", "")
            said = (f"{key_text(tier, language)} {limit:g} {unit}" for tier, limit in value.items())
            yield f"{key_text(name, language)}: {', '.join(said)}"
        elif name == "parameters":
            yield f"{key_text(name, language)}:"
            yield from (
                f"  {key_text(n, language)}: {_said_of(v, language)}" for n, v in value.items()
            )
        elif name in _PARTS:
            each = value if isinstance(value, list) else [value]
            lines = (_parts(one, language) for one in each)
            yield from (f"{key_text(name, language)}: {line}" for line in lines if line)
        else:
            yield f"{key_text(name, language)}: {_plain(name, value, language)}"


def is_text(value: object) -> bool:
    """Whether a value is a text in both languages."""
    return isinstance(value, dict) and set(value) == {"zh", "en"}


def written(value: object) -> str:
    """Any value as text: JSON without the keys that say nothing."""
    return value if isinstance(value, str) else json.dumps(_said(value), ensure_ascii=False)


def _said_of(value: float | str, language: str) -> str:
    """A parameter of a rule for vehicles: a number, a time of day to the minute, or a word."""
    if isinstance(value, float):
        return f"{value:g}"
    return value.removesuffix(":00") if value.count(":") == 2 else key_text(value, language)


def _plain(name: str, value: Any, language: str) -> str:
    if is_text(value):
        return str(value[language])
    if name in _WORDS:
        return key_text(str(value), language)
    if name in _DURATIONS:
        return f"{value / 3600:g} h"
    return written(value)


def _factors(factors: Mapping[str, Any], language: str) -> Iterator[str]:
    for measure, factor in factors.items():
        mark = rulebook_text(f"trust_{factor['trust']}", language)
        lent = factor["from_set"]
        said = rulebook_text("from_set", language, name=lent) if lent else ""
        name = in_words(measure, language)
        yield f"{name}: {factor['value']:g} {factor['unit']} ({mark}{said})"


def _selector(selector: Mapping[str, Any], language: str) -> str:
    parts = (
        f"{key_text(key, language)} {key_text(str(asked), language)}"
        for key, asked in selector.items()
        if asked is not None
    )
    return ", ".join(parts)


def _parts(value: Mapping[str, Any], language: str) -> str:
    """The parts that say something; a time of day to the minute, both ends of the day for the whole of it."""
    kept = {key: part for key, part in value.items() if part not in _SAYS_NOTHING}
    if kept.get("from_") == kept.get("until"):
        kept = {key: part for key, part in kept.items() if key not in _HOURS}
    if kept == {"days": "all"}:
        return ""
    said = (f"{key_text(key, language)} {_part(key, part, language)}" for key, part in kept.items())
    return ", ".join(said)


def _part(name: str, value: Any, language: str) -> str:
    if name in _HOURS:
        return str(value)[:5]
    if isinstance(value, list):
        return " / ".join(key_text(str(one), language) for one in value)
    if isinstance(value, float) and name not in _DURATIONS:
        return f"{value:g}"
    return _plain(name, value, language)


def _said(value: object) -> object:
    if isinstance(value, dict):
        kept = {key: _said(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in _SAYS_NOTHING}
    return [_said(inner) for inner in value] if isinstance(value, list) else value
