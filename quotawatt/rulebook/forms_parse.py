"""Pack section ``forms``: nodes to values, every problem noted."""

import math
import re
from collections.abc import Iterator

import yaml

from quotawatt.measures import MEASURES
from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.forms import (
    REGISTER_FIELDS,
    CheckKind,
    Form,
    FormCheck,
    FormRow,
    FormSheet,
    Origin,
    Source,
)
from quotawatt.rulebook.schema import Fields, Problems

_KEYS = (
    "id", "version", "title", "cites", "code", "quarter_due_days", "year_due", "due_trust",
    "sheets", "checks", "trust",
)  # fmt: skip
_LONGEST_ID = 32
"""As what is issued of a form goes by its id."""
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")
_ROW_KEYS = ("id", "title", "unit", "decimals", "from", "trust")
_CHECK_KEYS = ("id", "kind", "title", "blocks", "trust")


def parse_form(node: yaml.Node, problems: Problems) -> list[Located[Form]]:
    """A version of a form; none, with the reason noted, where keys are missing."""
    found = schema.fields(node, problems, "a form", _KEYS)
    if not schema.complete(found, _KEYS):
        return []
    form = Form(
        id=schema.identifier(found["id"], problems, "id"),
        version=schema.word(found["version"], problems, "version"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        code=_code(found["code"], problems),
        quarter_due_days=int(
            schema.number(found["quarter_due_days"], problems, "quarter_due_days", 1, 366)
        ),
        year_due=_month_day(found["year_due"], problems),
        due_trust=schema.trust(found["due_trust"], problems),
        sheets=tuple(_sheets(found["sheets"], problems)),
        checks=tuple(_checks(found["checks"], problems)),
        trust=schema.trust(found["trust"], problems),
    )
    if len(form.id) > _LONGEST_ID:
        problems.note(found["id"], f"id must have at most {_LONGEST_ID} characters", form.id)
    _require_rows(form, found, problems)
    return [Located(form, problems.place(node))]


def _sheets(node: yaml.Node, problems: Problems) -> Iterator[FormSheet]:
    keys = ("id", "title", "rows")
    seen: set[str] = set()
    for one in schema.items(node, problems, "sheets"):
        found = schema.fields(one, problems, "a sheet", keys, ("by_month",))
        if schema.complete(found, keys):
            sheet = FormSheet(
                id=_name(found["id"], problems, "id", seen),
                title=schema.both_languages(found["title"], problems, "title"),
                by_month=_flag(found, "by_month", problems),
                rows=tuple(_rows(found["rows"], problems)),
            )
            yield sheet


def _rows(node: yaml.Node, problems: Problems) -> Iterator[FormRow]:
    seen: set[str] = set()
    for one in schema.items(node, problems, "rows"):
        found = schema.fields(one, problems, "a row", _ROW_KEYS, ("required",))
        if schema.complete(found, _ROW_KEYS):
            yield FormRow(
                id=_name(found["id"], problems, "id", seen),
                title=schema.both_languages(found["title"], problems, "title"),
                unit=_empty_or_text(found["unit"], problems, "unit"),
                decimals=int(schema.number(found["decimals"], problems, "decimals", 0, 6)),
                source=_source(found["from"], problems),
                required=_flag(found, "required", problems),
                trust=schema.trust(found["trust"], problems),
            )


def _source(node: yaml.Node, problems: Problems) -> Source:
    """One of ``use``, ``cost``, ``register``, ``sum`` and ``hand``, with what belongs to it."""
    ways = [origin.value for origin in Origin]
    more = ("per", "item", "billed_by_heat", "components")
    found = schema.fields(node, problems, "from", (), (*ways, *more))
    given = [way for way in ways if way in found]
    if len(given) != 1:
        problems.note(node, f"from must have one of {', '.join(ways)}", ", ".join(given) or "none")
        return Source(Origin.HAND)
    origin = Origin(given[0])
    return Source(
        origin=origin,
        names=() if origin is Origin.HAND else _names(found[origin], problems, origin),
        per=schema.number(found["per"], problems, "per", 1e-6, 1e9) if "per" in found else 1.0,
        item=schema.text(found["item"], problems, "item") if "item" in found else "",
        billed_by_heat=_flag(found, "billed_by_heat", problems),
        components=_words(found["components"], problems) if "components" in found else (),
    )


def _names(node: yaml.Node, problems: Problems, origin: Origin) -> tuple[str, ...]:
    if origin is Origin.REGISTER:
        return (schema.choice(node, problems, "register", REGISTER_FIELDS),)
    listed = node.value if isinstance(node, yaml.SequenceNode) else [node]
    names = tuple(schema.text(one, problems, origin.value) for one in listed)
    if not names:
        problems.note(node, f"{origin} must not be empty", "none")
    if origin is not Origin.SUM:
        for one, name in zip(listed, names, strict=True):
            if name and name not in MEASURES:
                problems.note(one, "a measure must be one of docs/nomenclature.md", name)
    return names


def _checks(node: yaml.Node, problems: Problems) -> Iterator[FormCheck]:
    seen: set[str] = set()
    for one in schema.items(node, problems, "checks"):
        found = schema.fields(one, problems, "a check", _CHECK_KEYS, ("rows", "per", "low", "high"))
        if schema.complete(found, _CHECK_KEYS):
            yield _check(one, found, seen, problems)


def _check(node: yaml.Node, found: Fields, seen: set[str], problems: Problems) -> FormCheck:
    kind = CheckKind(
        schema.choice(found["kind"], problems, "kind", [each.value for each in CheckKind])
    )
    if (kind is CheckKind.RATIO) != ("per" in found):
        problems.note(node, "per must be given for a ratio, and only there", kind.value)
    return FormCheck(
        id=_name(found["id"], problems, "id", seen),
        kind=kind,
        title=schema.both_languages(found["title"], problems, "title"),
        rows=_words(found["rows"], problems) if "rows" in found else (),
        per=schema.text(found["per"], problems, "per") if "per" in found else "",
        low=schema.number(found["low"], problems, "low") if "low" in found else 0.0,
        high=schema.number(found["high"], problems, "high") if "high" in found else math.inf,
        blocks=_flag(found, "blocks", problems),
        trust=schema.trust(found["trust"], problems),
    )


def _require_rows(form: Form, found: Fields, problems: Problems) -> None:
    """Note what names a row that the form does not have."""
    known = {name for name, _, _ in form.rows()}
    for check in form.checks:
        for name in (*check.rows, *([check.per] if check.per else [])):
            if name not in known:
                problems.note(found["checks"], f"check {check.id} must name rows of the form", name)
    for sheet in form.sheets:
        for row in sheet.rows:
            parts = row.source.names if row.source.origin is Origin.SUM else ()
            for part in parts:
                other = sheet.row(part)
                if other is None or other.source.origin is Origin.SUM:
                    rule = f"row {row.id} must add up rows of its sheet that are no sums"
                    problems.note(found["sheets"], rule, part)


def _month_day(node: yaml.Node, problems: Problems) -> tuple[int, int]:
    value = schema.text(node, problems, "year_due")
    match = _MONTH_DAY.fullmatch(value)
    if match is None or not (1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31):
        problems.note(node, "year_due must be MM-DD in quotes", value)
        return 3, 31
    return int(match[1]), int(match[2])


def _name(node: yaml.Node, problems: Problems, what: str, seen: set[str]) -> str:
    """A word of lower-case letters, digits and ``_``, once in its list."""
    value = schema.text(node, problems, what)
    if value and not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        problems.note(node, f"{what} must be of lower-case letters, digits and '_'", value)
    if value in seen:
        problems.note(node, f"{what} must be given once", value)
    seen.add(value)
    return value


def _flag(found: Fields, key: str, problems: Problems) -> bool:
    if key not in found:
        return False
    return schema.choice(found[key], problems, key, ("false", "true")) == "true"


def _words(node: yaml.Node, problems: Problems) -> tuple[str, ...]:
    return tuple(
        schema.text(one, problems, "a word") for one in schema.items(node, problems, "rows")
    )


def _code(node: yaml.Node, problems: Problems) -> str:
    """A form's number; null where it is not known."""
    is_null = isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")
    return "" if is_null else schema.word(node, problems, "code")


def _empty_or_text(node: yaml.Node, problems: Problems, what: str) -> str:
    empty = isinstance(node, yaml.ScalarNode) and node.value == ""
    return "" if empty else schema.text(node, problems, what)
