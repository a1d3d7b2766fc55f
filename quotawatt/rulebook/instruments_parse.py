"""Nodes of the section ``instruments`` → laws, standards and policies with their clauses."""

from collections.abc import Iterator
from datetime import date

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.basics import Clause, Instrument, Supersession, Text, Trust
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.schema import Fields, Problems

TEMPLATE = "template"
"""Status of what needs its standard before it holds anybody to anything."""

ENDED = ("repealed", "superseded")
"""Statuses of what no longer holds."""

STATUSES = ("in_force", "amended", *ENDED, "demo", TEMPLATE)

REVIEW_AFTER_YEARS = 3
"""The sector reviews its rules three years after they came into force."""


def parse_instrument(node: yaml.Node, problems: Problems) -> Iterator[Located[Instrument]]:
    """One instrument with its clauses."""
    keys = ("id", "title", "number", "issuer", "jurisdiction", "effective_from", "effective_until")
    needed = (*keys, "status", "trust", "source", "clauses")
    found = schema.fields(node, problems, "an instrument", needed, ("review_by", "supersedes"))
    if not schema.complete(found, needed):
        return
    clauses = [_clause(c, problems) for c in schema.items(found["clauses"], problems, "clauses")]
    by_number: dict[str, Clause] = {}
    for clause in clauses:
        if clause.number in by_number:
            problems.note(
                found["clauses"], "an instrument must number each clause once", clause.number
            )
        by_number[clause.number] = clause
    first = schema.day(found["effective_from"], problems, "effective_from")
    until = schema.day(found["effective_until"], problems, "effective_until")
    if first and until and until <= first:
        problems.note(
            found["effective_until"], "effective_until must be after effective_from", until
        )
    instrument = Instrument(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        number=schema.text(found["number"], problems, "number"),
        issuer=schema.both_languages(found["issuer"], problems, "issuer"),
        jurisdiction=schema.identifier(found["jurisdiction"], problems, "jurisdiction"),
        effective_from=first,
        effective_until=until,
        status=schema.choice(found["status"], problems, "status", STATUSES),
        trust=schema.trust(found["trust"], problems),
        source=schema.text(found["source"], problems, "source"),
        clauses=by_number,
        review_by=_review_by(found, first, problems),
        supersedes=_supersedes(found, problems),
    )
    yield Located(instrument, problems.place(node))


def _clause(node: yaml.Node, problems: Problems) -> Clause:
    found = schema.fields(node, problems, "a clause", ("number", "text", "trust"), ("label",))
    if not schema.complete(found, ("number", "text", "trust")):
        return Clause("", Text("", ""), Trust.UNVERIFIED)
    return Clause(
        number=schema.word(found["number"], problems, "clause number"),
        text=schema.both_languages(found["text"], problems, "clause text"),
        trust=schema.trust(found["trust"], problems),
        label=schema.both_languages(found["label"], problems, "clause label")
        if "label" in found
        else None,
    )


def _review_by(found: Fields, first: date | None, problems: Problems) -> date | None:
    """The day that is written, else three years after it came into force, where that is known."""
    if "review_by" in found:
        return schema.day(found["review_by"], problems, "review_by")
    return _years_after(first, REVIEW_AFTER_YEARS) if first else None


def _supersedes(found: Fields, problems: Problems) -> tuple[Supersession, ...]:
    if "supersedes" not in found:
        return ()
    steps = []
    for node in schema.items(found["supersedes"], problems, "supersedes"):
        entry = schema.fields(node, problems, "an entry of supersedes", ("instrument", "from"))
        if not schema.complete(entry, ("instrument", "from")):
            continue
        day = schema.day(entry["from"], problems, "from")
        if day is None:
            problems.note(entry["from"], "from must be a date YYYY-MM-DD", "null")
            continue
        name = schema.identifier(entry["instrument"], problems, "instrument")
        steps.append(Supersession(name, day))
    return tuple(steps)


def _years_after(day: date, years: int) -> date:
    """The same day of a later year; 28 February for 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
