"""Inhibitions as values: which cases make others superfluous. Values of the pack section ``inhibitions``."""

from collections.abc import Sequence
from dataclasses import dataclass

from quotawatt.rulebook.basics import Text

EQUAL = ("site", "asset", "organisation", "account", "subject")
"""What source and target may have to share; ``account`` is a subject of the form ``ASSET/ACCOUNT/YEAR``."""


@dataclass(frozen=True, slots=True)
class Side:
    """Cases by rule and severity; what is empty matches all, but not both are empty.

    rules
        Ids of rules, ``finding:CODE`` for a case made of a finding.
    """

    rules: Sequence[str] = ()
    severities: Sequence[str] = ()

    def matches(self, rule: str, severity: str) -> bool:
        """Whether a case of this rule and severity is on this side."""
        return (not self.rules or rule in self.rules) and (
            not self.severities or severity in self.severities
        )


@dataclass(frozen=True, slots=True)
class Inhibition:
    """While a case of ``source`` fires, nobody is told of cases of ``target`` that are ``equal`` to it."""

    id: str
    title: Text
    source: Side
    target: Side
    equal: Sequence[str]
