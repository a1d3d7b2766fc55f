"""Which instruments are due for a review: three years after they came into force, or by their own day."""

from collections.abc import Iterator
from datetime import date

from quotawatt.findings import Finding
from quotawatt.rulebook.model import Rulebook

_REVIEWED = ("in_force", "amended")


def reviews_due(book: Rulebook, day: date) -> Iterator[Finding]:
    """``instrument_review_due`` for each instrument in force on ``day`` whose review day has come.

    Reviewed is an instrument whose ``review_by`` was set to a later day in its pack.
    """
    for instrument in book.as_of(day).instruments.values():
        due = instrument.review_by
        if due is None or due > day or instrument.status not in _REVIEWED:
            continue
        if instrument.superseded_by is not None or not instrument.in_force(day):
            continue
        said = {
            "number": instrument.number,
            "title_zh": instrument.title.zh,
            "title_en": instrument.title.en,
            "review_by": due.isoformat(),
        }
        yield Finding("instrument_review_due", instrument.id, said)
