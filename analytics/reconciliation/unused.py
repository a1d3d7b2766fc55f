"""Quotas of one's own packs that are for nobody: a local standard whose selectors meet no asset."""

from collections.abc import Collection, Iterator

from analytics.reconciliation.needs import Needs
from quotawatt.findings import Finding
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.placing import placed
from quotawatt.rulebook.shipped import shipped_files


def unused_quotas(rulebook: Rulebook, needs: Needs) -> Iterator[Finding]:
    """``selector_matches_nobody`` for each quota in force that came in no pack of the program.

    The program's own packs hold the standards of many places: most of them are for nobody here. An entry
    without a known place, as in a book made by hand, is not told of.
    """
    used = {q.id for quotas in needs.own.values() for q in quotas}
    for quota in sorted(needs.in_force):
        if quota not in used and not _is_shipped(quota, rulebook, shipped_files()):
            found = Finding("selector_matches_nobody", quota, {"quota": quota})
            yield placed(found, rulebook)


def _is_shipped(quota: str, rulebook: Rulebook, files: Collection[str]) -> bool:
    versions = rulebook.versions.get("quotas", {}).get(quota, ())
    return all(version.place.rpartition(":")[0] in files for version in versions)
