"""Clauses as answers show them: instrument, number, article, summary, and how well it is known."""

from typing import Any

from quotawatt.rulebook.model import Citation, Rulebook, Text


def both(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": text.zh, "en": text.en}


def cited_clause(rulebook: Rulebook, cites: Citation) -> dict[str, Any]:
    """The clause that a quota, target or rule rests on; ``text`` is a summary, not a quotation.

    ``trust`` is the clause's own mark: ``source``, ``secondary``, ``unverified`` or ``invented``.
    """
    instrument, clause = rulebook.clause(cites)
    return {
        "instrument": instrument.id,
        "title": both(instrument.title),
        "number": instrument.number,
        "status": instrument.status,
        "clause": clause.number,
        "name": both(clause.name),
        "text": both(clause.text),
        "trust": clause.trust.value,
    }
