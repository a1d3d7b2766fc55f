"""Searching the pool before a purchase: words, sizes, nearness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.errors import InputError
from quotawatt.register.pool_match import Match, Wanted, kinds_called, match
from quotawatt.rulebook.loader import load_rulebook
from tests.quotawatt.register.pool_world import WORLD

KINDS = list(load_rulebook().asset_kinds.values())


def found(wanted: Wanted, offers: dict[str, int], idle: tuple[str, ...] = ()) -> tuple[Match, ...]:
    return match(wanted, WORLD, KINDS, offers, idle)


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("打印机", ["printer_a4", "printer_a3"]),
        ("A3打印机", ["printer_a3"]),
        ("Printer", ["printer_a4", "printer_a3"]),
        ("printer_a4", ["printer_a4"]),
        (" Heat  Pump ", ["heat_pump"]),
        ("会议室", ["meeting"]),
        ("汽车", []),
    ],
)
def test_words_of_kinds(word: str, kinds: list[str]) -> None:
    assert [kind.id for kind in kinds_called(word, KINDS)] == kinds


def test_any_printer_does_and_the_near_one_comes_first() -> None:
    near, far = found(Wanted("打印机", "TOP"), {"P-1": 7, "P-2": 8})
    assert (near.asset, near.offer, near.holder) == ("P-1", 7, "A")
    assert near.reasons == ("kind", "near", "offered")
    assert far.asset == "P-2"
    (from_c, _) = found(Wanted("打印机", "C"), {"P-1": 7, "P-2": 8})
    assert from_c.reasons == ("kind", "far", "offered")


def test_a_vehicle_is_found_by_its_kind_or_name() -> None:
    for word in ("sedan", "一号车"):
        (car,) = found(Wanted(word, "B"), {"V-1": 4})
        assert (car.asset, car.reasons) == ("V-1", ("name", "near", "offered"))


def test_ones_own_offer_is_no_match_but_what_stands_idle_with_one_is() -> None:
    assert found(Wanted("heat pump", "C"), {"H-1": 3}) == ()
    (own,) = found(Wanted("heat pump", "C"), {}, ("H-1",))
    assert (own.offer, own.reasons) == (None, ("kind", "own", "not_offered"))


def test_what_is_offered_goes_before_what_nobody_has_offered() -> None:
    own_first = found(Wanted("打印机", "A"), {"P-2": 1}, ("P-1",))
    assert [m.asset for m in own_first] == ["P-1", "P-2"]
    assert [m.asset for m in found(Wanted("打印机", "TOP"), {"P-2": 1}, ("P-1",))] == ["P-2", "P-1"]


def test_too_small_is_left_out_and_unknown_is_said() -> None:
    assert found(Wanted("heat pump", "A", least_power_kw=40.1), {"H-1": 1}) == ()
    (fits,) = found(Wanted("heat pump", "A", least_power_kw=40), {"H-1": 1})
    assert "power" in fits.reasons
    (unknown,) = found(Wanted("A4打印机", "B", least_power_kw=1), {"P-1": 1})
    assert "power_unknown" in unknown.reasons
    (room,) = found(Wanted("会议室", "B", least_area_m2=60), {"R-1": 1})
    assert "area" in room.reasons


def test_a_word_that_no_kind_has_is_looked_for_in_names() -> None:
    (room,) = found(Wanted("一号", "B"), {"R-1": 1, "P-1": 2})
    assert (room.asset, room.reasons[0]) == ("R-1", "name")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(" ", "A"), "name a kind"),
        (Wanted("x", "A", 0), "got 0"),
        (Wanted("x", "A", 1001), "got 1001"),
    ],
)
def test_a_search_for_nothing_is_refused(wanted: Wanted, words: str) -> None:
    with pytest.raises(InputError, match=words):
        found(wanted, {})


@given(
    st.sampled_from([k.id for k in KINDS] + ["打印机", "机"]),
    st.sampled_from(["TOP", "A", "B", "C"]),
    st.sets(st.sampled_from(["P-1", "P-2", "H-1", "R-1", "R-2", "X-1", "GONE", "BLD-A"])),
    st.sets(st.sampled_from(["P-1", "P-2", "H-1", "R-1", "R-2"])),
)
def test_whatever_is_asked_each_asset_comes_once_in_one_order(
    word: str, organisation: str, offered: set[str], idle: set[str]
) -> None:
    offers = {code: n for n, code in enumerate(sorted(offered), 1)}
    matches = found(Wanted(word, organisation), offers, tuple(idle))
    codes = [m.asset for m in matches]
    assert len(codes) == len(set(codes))
    assert set(codes) <= (offered | idle) & {*WORLD.equipment, *WORLD.spaces}
    assert matches == found(Wanted(word, organisation), dict(reversed(offers.items())), tuple(idle))
