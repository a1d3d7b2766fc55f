"""The folders at the top are packages of an application: nobody else may own their names."""

from importlib.metadata import packages_distributions
from pathlib import Path

from quotawatt.app.nomenclature import nomenclature

ROOT = Path(__file__).resolve().parents[1]
OURS = ["quotawatt", "collectors", "analytics", "alerts", "api", "grafana", "simulators"]


def test_no_other_distribution_owns_our_names() -> None:
    owners = packages_distributions()
    assert {name: set(owners.get(name, ())) - {"quotawatt"} for name in OURS} == {
        name: set() for name in OURS
    }


def test_our_names_import_from_this_tree() -> None:
    for name in OURS:
        module = __import__(name)
        assert Path(str(module.__file__)).resolve().is_relative_to(ROOT)


def test_nomenclature_matches_the_tables() -> None:
    assert (ROOT / "docs/nomenclature.md").read_text() == nomenclature()
