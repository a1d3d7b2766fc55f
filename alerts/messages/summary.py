"""What a message says of one case: plain values in both languages, from which templates make texts."""

from dataclasses import dataclass
from datetime import date, datetime

from alerts.messages.impact import NOTHING_KNOWN, Impact
from quotawatt.rulebook.basics import Text

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Named:
    """An asset: its code and what it is called."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case in words and figures. Instants are UTC; None or empty: not known, or not so.

    number
        That of the case.
    state
        Of the case (``CaseState``); ``firing`` says whether its condition holds at present.
    owner
        Who answers for it.
    value, threshold, unit
        The rule's input when it was last known, and its limit.
    figures
        The same in a sentence, with the account that it is of.
    began_at, ended_at
        Of the condition; ``zone`` (IANA) is that of the site.
    note
        What was said with its newest step: a comment, or which data were corrected.
    clauses
        What is cited, each with its trust mark.
    due_on
        Local day by which it has to be put right.
    link
        To the case in the console.
    """

    number: int
    rule: str
    title: Text
    severity: str
    state: str
    firing: bool
    subject: str
    asset: Named
    began_at: datetime
    zone: str
    building: Named | None = None
    site: Named | None = None
    organisation: Named | None = None
    owner: Text = NOTHING
    value: float | None = None
    threshold: float | None = None
    unit: Text = NOTHING
    figures: Text = NOTHING
    impact: Impact = NOTHING_KNOWN
    ended_at: datetime | None = None
    note: Text = NOTHING
    clauses: tuple[Text, ...] = ()
    advice: Text = NOTHING
    due_on: date | None = None
    link: str = ""
