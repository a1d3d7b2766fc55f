"""With what messages are written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.cases.model import Case
from alerts.messages.impact import Impact
from alerts.messages.templates import Templates, shipped_templates
from quotawatt.rulebook.model import Rulebook

Impacts = Callable[[Sequence[Case]], Mapping[int, Impact]]
"""The impact of cases by their number, read once for all; a case that is not there has none."""


def no_impacts(_: Sequence[Case]) -> Mapping[int, Impact]:
    """Nothing is known of any case."""
    return {}


@dataclass(frozen=True, slots=True)
class Writing:
    """With what messages are written.

    rulebook
        The whole book: an account of a past year is judged by that of its year. None: today's alone.
    public_url
        Address of the console as people reach it; empty: messages carry no links.
    impacts
        ``alerts.messages.impacts.impact_of`` over the series store.
    """

    rulebook: Rulebook | None = None
    templates: Templates = field(default_factory=shipped_templates)
    public_url: str = ""
    impacts: Impacts = no_impacts

    def link_to(self, path: str) -> str:
        """Address of a page of the console; empty where no public address is set."""
        return f"{self.public_url.rstrip('/')}{path}" if self.public_url else ""
