"""The section ``assumptions``: what a what-if takes for granted."""

from quotawatt.rulebook.assumptions import NAMES
from quotawatt.rulebook.loader import load_rulebook


def test_the_shipped_pack_has_every_figure() -> None:
    book = load_rulebook()
    assert set(book.assumptions) == set(NAMES)
    pv = book.assumptions["pv_kwh_per_kwp"]
    assert (pv.value_in("beijing"), pv.value_in("hainan")) == (1250, 1100)
