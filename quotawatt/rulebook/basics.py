"""What every section of packs stands on: trust marks, texts, instruments with their clauses, citations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Trust(StrEnum):
    """How well a number or clause is known."""

    SOURCE = "source"
    """Read in the named source."""
    SECONDARY = "secondary"
    """Quoted by a public page or repository; the original was not opened."""
    UNVERIFIED = "unverified"
    """General knowledge."""
    INVENTED = "invented"
    """Made up for the demo; never a rule anywhere."""


class Tier(StrEnum):
    """Values of a quota, from loosest to strictest. *Over* means above the constraint value."""

    CONSTRAINT = "constraint"
    BASELINE = "baseline"
    GUIDANCE = "guidance"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause of an instrument; ``text`` is our summary, not a quotation, unless marked.

    ``label`` is what a clause without a known number goes by.
    """

    number: str
    text: Text
    trust: Trust
    label: Text | None = None

    @property
    def name(self) -> Text:
        """What people call it: 第 14 条 or Article 14, else its label, else the bare number."""
        if self.number.isdigit():
            return Text(f"第 {self.number} 条", f"Article {self.number}")
        return self.label or Text(self.number, self.number)


@dataclass(frozen=True, slots=True)
class Supersession:
    """That an instrument replaces another from ``from_`` on: the other, and what cites it, ends that day."""

    instrument: str
    from_: date


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, standard or local policy. ``status``: in_force, amended, repealed, superseded, demo, template.

    effective_until
        First day on which it no longer holds; the day from which another one supersedes it at the latest.
    review_by
        Day by which somebody has to look whether it still does what it is for; None: not known.
    supersedes
        What it replaces, and from when.
    superseded_by
        Id of what replaces it; derived, never written.
    """

    id: str
    title: Text
    number: str
    issuer: Text
    jurisdiction: str
    effective_from: date | None
    effective_until: date | None
    status: str
    trust: Trust
    source: str
    clauses: Mapping[str, Clause]
    review_by: date | None = None
    supersedes: Sequence[Supersession] = ()
    superseded_by: str | None = None

    def in_force(self, day: date) -> bool:
        """Whether it was in force on ``day``, as far as its dates are known."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_until is None or day < self.effective_until
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause of an instrument, as rules, quotas and factors cite it."""

    instrument: str
    clause: str
