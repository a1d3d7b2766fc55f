"""Findings name the line of a pack that they are about."""

from dataclasses import replace

from quotawatt.findings import Finding
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.placing import placed
from quotawatt.rulebook.versions import Version

BOOK = replace(
    Rulebook(),
    versions={
        "quotas": {
            "a": [Version(None, None, None, "old.yaml:3"), Version(None, None, None, "a.yaml:9")],
            "b": [Version(None, None, None, "b.yaml:7")],
        },
        "factor_sets": {"f": [Version(None, None, None, "a.yaml:2")]},
    },
)


def test_every_entry_that_it_names_is_placed_by_its_newest_version() -> None:
    two = placed(Finding("quota_ambiguous", "B-1", {"quotas": "a, b"}), BOOK)
    assert two.detail == {"quotas": "a, b", "places": "a.yaml:9, b.yaml:7"}
    factor = placed(
        Finding("account_factor_missing", "B-1", {"quota": "b", "factor_set": "f"}), BOOK
    )
    assert factor.detail["places"] == "b.yaml:7, a.yaml:2"


def test_what_is_in_no_pack_has_no_place() -> None:
    target = Finding("use_missing", "B-1", {"quota": "assigned-energy_kgce", "year": 2024})
    assert placed(target, BOOK) == target
    assert placed(Finding("quota_none", "O-1", {}), load_rulebook()).detail == {}
