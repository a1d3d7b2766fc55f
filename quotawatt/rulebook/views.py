"""The rulebook as answers show it, plain JSON: lists of entries, one entry with its clause, versions, use.

An entry is named by section and id; that of a grid factor is ``REGION YEAR``. Texts come in both languages.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from quotawatt.errors import NotFoundError
from quotawatt.rulebook.basics import Instrument, Text, Trust
from quotawatt.rulebook.difference import plain
from quotawatt.rulebook.model import FactorSet, Rulebook
from quotawatt.rulebook.sections import GRID_FACTORS, INSTRUMENTS, SECTIONS
from quotawatt.rulebook.versions import Version

_WEAKEST_FIRST = (Trust.INVENTED, Trust.UNVERIFIED, Trust.SECONDARY, Trust.SOURCE)

_NAMED_BY = {
    "factor_sets": ("factor_set", "falls_back_to"),
    "indicators": ("indicator",),
}
"""Sections that entries of others name, and the attributes by which they do."""


def section_entries(book: Rulebook, section: str) -> Mapping[str, Any]:
    """The entries of a section by id. Raises NotFoundError for a section that does not exist."""
    names = [s.name for s in SECTIONS]
    if section not in names:
        raise NotFoundError(f"a section must be one of {', '.join(names)}, got {section}")
    if section == GRID_FACTORS:
        return {f"{f.region} {f.year}": f for f in book.grid_factors}
    entries: Mapping[str, Any] = getattr(book, section)
    return entries


def entry_rows(
    book: Rulebook, sections: Sequence[str] | None = None, trust: Trust | None = None
) -> list[dict[str, Any]]:
    """The entries of some sections (None: all but instruments), a row each, by section and id.

    ``trust`` keeps those of that mark only. The mark of a factor set is that of its weakest factor.
    """
    names = sections or [s.name for s in SECTIONS if s.name != INSTRUMENTS]
    rows = [
        _row(book, name, key, value)
        for name in names
        for key, value in section_entries(book, name).items()
    ]
    return [row for row in rows if trust is None or row["trust"] == trust.value]


def entry_view(book: Rulebook, section: str, key: str, full: Rulebook) -> dict[str, Any]:
    """One entry of ``book``: its values, the clause it cites, what uses it, and its versions in ``full``.

    Raises NotFoundError where the section has no such entry in this book.
    """
    found = section_entries(book, section).get(key)
    if found is None:
        held = ", ".join(_span(v) for v in full.versions.get(section, {}).get(key, ()))
        known = f", in force {held}" if held else ""
        raise NotFoundError(f"an entry of {section} must be in force on the day, got {key}{known}")
    return {
        **_row(book, section, key, found),
        "values": plain(found),
        "cited": _cited(book, found),
        "versions": [_version(v) for v in full.versions.get(section, {}).get(key, ())],
        "used_by": list(used_by(book, section, key)),
    }


def find_entry(book: Rulebook, key: str) -> tuple[str, str]:
    """The section of an id, and the id. Raises NotFoundError where no section or several have it."""
    named = [
        (section.name, key) for section in SECTIONS if key in section_entries(book, section.name)
    ]
    if len(named) > 1:  # an instrument often lends its id to its factor set
        named = [found for found in named if found[0] == INSTRUMENTS] or named
    if not named:
        raise NotFoundError(f"an id must be one of the rulebook, got {key}")
    return named[0]


def used_by(book: Rulebook, section: str, key: str) -> Iterator[dict[str, str]]:
    """What cites an instrument, or names a factor set or an indicator: section and id of each."""
    for other in SECTIONS:
        for name, value in section_entries(book, other.name).items():
            if _uses(value, section, key):
                yield {"section": other.name, "id": name}


def instrument_view(book: Rulebook, key: str, full: Rulebook) -> dict[str, Any]:
    """One instrument as ``entry_view`` shows entries, its clauses with the names people give them."""
    view = entry_view(book, INSTRUMENTS, key, full)
    value: Instrument = book.instruments[key]
    clauses = [{**plain(clause), "name": plain(clause.name)} for clause in value.clauses.values()]
    return {**view, "values": {**view["values"], "clauses": clauses}}


def trust_of(value: Any) -> Trust:
    """The trust mark of an entry; of a factor set that of its weakest factor."""
    if isinstance(value, FactorSet):
        marks = {f.trust for f in (*value.coal_equivalent.values(), *value.carbon.values())}
        return next((mark for mark in _WEAKEST_FIRST if mark in marks), Trust.UNVERIFIED)
    mark = getattr(value, "trust", Trust.UNVERIFIED)
    return mark if isinstance(mark, Trust) else Trust.UNVERIFIED


def period_of(book: Rulebook, section: str, key: str) -> tuple[date | None, date | None]:
    """First day in force and first day no longer of an entry's newest version; None: not known."""
    versions = book.versions.get(section, {}).get(key, ())
    if not versions:
        return None, None
    return versions[-1].effective_from, versions[-1].effective_until


def _row(book: Rulebook, section: str, key: str, value: Any) -> dict[str, Any]:
    cites = getattr(value, "cites", None)
    first, until = period_of(book, section, key)
    instrument = book.instruments.get(cites.instrument) if cites else None
    clause = instrument.clauses.get(cites.clause) if instrument and cites else None
    return {
        "section": section,
        "id": key,
        "title": plain(_title(value, key)),
        "instrument": cites.instrument if cites else "",
        "instrument_number": instrument.number if instrument else getattr(value, "number", ""),
        "clause": plain(clause.name) if clause else None,
        "trust": trust_of(value).value,
        "status": getattr(value, "status", ""),
        "effective_from": first.isoformat() if first else None,
        "effective_until": until.isoformat() if until else None,
    }


def _title(value: Any, key: str) -> Text:
    title = getattr(value, "title", None)
    if isinstance(title, Text):
        return title
    if hasattr(value, "words_zh"):
        return Text(value.words_zh[0], value.words_en[0])
    return Text(key, key)


def _cited(book: Rulebook, value: Any) -> dict[str, Any] | None:
    cites = getattr(value, "cites", None)
    if cites is None or not cites.instrument:
        return None
    instrument, clause = book.clause(cites)
    return {
        "instrument": instrument.id,
        "title": plain(instrument.title),
        "number": instrument.number,
        "clause": clause.number,
        "name": plain(clause.name),
        "text": plain(clause.text),
        "trust": clause.trust.value,
        "source": instrument.source,
    }


def _span(version: Version) -> str:
    first, until = version.effective_from, version.effective_until
    return f"from {first or 'ever'} " + (f"until before {until}" if until else "on")


def _version(version: Version) -> dict[str, Any]:
    return {
        "effective_from": plain(version.effective_from),
        "effective_until": plain(version.effective_until),
        "place": version.place,
        "trust": trust_of(version.value).value,
    }


def _uses(value: Any, section: str, key: str) -> bool:
    if section == INSTRUMENTS:
        cites = getattr(value, "cites", None)
        return cites is not None and cites.instrument == key
    return any(getattr(value, name, None) == key for name in _NAMED_BY.get(section, ()))
