"""Where in the packs the entries stand that a finding names, so that who reads it finds the line."""

from collections.abc import Mapping
from dataclasses import replace

from quotawatt.findings import Finding
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.versions import place_of

_NAMES: Mapping[str, str] = {
    "quotas": "quotas",
    "quota": "quotas",
    "target": "targets",
    "factor_set": "factor_sets",
}
"""Keys of evidence that hold ids (behind commas where several), and the sections of these."""


def placed(finding: Finding, book: Rulebook) -> Finding:
    """The finding with ``places``: ``file:line`` of the entries that it names, as far as they are known."""
    found = [
        place_of(book.versions, section, key)
        for name, section in _NAMES.items()
        for key in str(finding.detail.get(name) or "").split(", ")
    ]
    places = ", ".join(dict.fromkeys(place for place in found if place))
    return replace(finding, detail={**finding.detail, "places": places}) if places else finding
