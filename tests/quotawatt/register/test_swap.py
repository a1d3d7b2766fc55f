"""Over the replacement of a meter no energy is lost or invented, by the consumption as it is computed."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from analytics.consumption.cleaning import clean
from analytics.consumption.hourly import hourly_use
from analytics.consumption.points import Wiring
from analytics.grid import Key
from quotawatt.errors import InputError, NotFoundError, RegisterError, StateError
from quotawatt.ledger import Ledger
from quotawatt.readings import Reading, SeriesKey, readings_table
from quotawatt.register.check import check_rows
from quotawatt.register.editing import rows_of
from quotawatt.register.model import Binding
from quotawatt.register.repository import load_register, save_register
from quotawatt.register.swap import Replaced, Swap, replace_meter, save_replacement
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from tests.analytics.builders import FAR, IMPORT, at, binding, meter, reading, register

NOW = at(1000)


def _energy(replaced: Replaced, live: list[Reading], hours: float) -> float:
    span = Span(at(0), at(hours))
    table = readings_table([*live, *replaced.readings])
    wiring = Wiring(replaced.register)
    use, found = hourly_use(clean(table, FAR), wiring, [Key("MTR-1", IMPORT)], span)
    assert found == []
    return float(np.nansum(use.value))


def test_energy_is_exact_over_the_swap() -> None:
    # 12 h before at 40 times, 12 h after at 60 times; the new register began at 5.
    of = register(binding(multiplier=40.0, register_size=10000.0))
    swap = Swap(at(12.4), "new", 1024.8, 5.0, multiplier=60.0, register_size=1000.0)
    replaced = replace_meter(of, "MTR-1", swap, NOW)
    live = [reading(at(h), 1000 + 2 * h) for h in range(13)]
    live += [reading(at(h), 5 + (h - 12.4) * 1.0, device="new") for h in range(13, 25)]
    assert _energy(replaced, live, 24) == pytest.approx(24.8 * 40 + 11.6 * 60, rel=1e-12)
    assert check_rows(rows_of(replaced.register)) == []


def test_the_new_meter_may_go_on_under_the_same_name() -> None:
    swap = Swap(at(12.5), "dev", 1025.0, 0.0)
    replaced = replace_meter(register(), "MTR-1", swap, NOW)
    live = [reading(at(h), 1000 + 2 * h) for h in range(13)]
    live += [reading(at(h), (h - 12.5) * 3) for h in range(13, 25)]
    assert _energy(replaced, live, 24) == pytest.approx(25.0 + 34.5, rel=1e-12)
    assert [b.valid_until for b in replaced.ended] == [at(12.5)]
    assert [b.valid_from for b in replaced.begun] == [at(12.5) + timedelta(seconds=1)]
    assert check_rows(rows_of(replaced.register)) == []


_ROUNDS = st.integers(0, 4000)


@given(
    before=st.lists(_ROUNDS, min_size=1, max_size=6),
    after=st.lists(_ROUNDS, min_size=1, max_size=6),
    last=_ROUNDS,
    first=_ROUNDS,
    start=st.integers(0, 10**6),
    minute=st.integers(1, 59),
    multipliers=st.tuples(st.sampled_from([1.0, 40.0]), st.sampled_from([1.0, 60.0])),
    same_name=st.booleans(),
)
def test_what_both_registers_counted_is_the_use(
    before: list[int],
    after: list[int],
    last: int,
    first: int,
    start: int,
    minute: int,
    multipliers: tuple[float, float],
    same_name: bool,
) -> None:
    old, new = multipliers
    of = register(binding(multiplier=old), meters=[meter(rated_power_kw=None)])
    moment = at(len(before) + minute / 60)
    stands = np.cumsum([100, *before])
    end = int(stands[-1]) + last
    device = "dev" if same_name else "new"
    replaced = replace_meter(of, "MTR-1", Swap(moment, device, end, start, multiplier=new), NOW)
    live = [reading(at(h), float(v)) for h, v in enumerate(stands)]
    shown = start + np.cumsum([first, *after])
    later = [reading(at(len(before) + 1 + h), float(v), device=device) for h, v in enumerate(shown)]
    energy = _energy(replaced, [*live, *later], len(before) + len(after) + 2)
    expected = (end - 100) * old + (int(shown[-1]) - start) * new
    assert energy == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_what_is_no_swap_is_refused() -> None:
    of = register(binding(), meters=[meter(), meter("BARE")])
    swap = Swap(at(5), "new", 1.0, 0.0)
    with pytest.raises(NotFoundError, match="got 'nobody'"):
        replace_meter(of, "nobody", swap, NOW)
    with pytest.raises(InputError, match="must be a meter, got 'BLD-1'"):
        replace_meter(of, "BLD-1", swap, NOW)
    with pytest.raises(InputError, match="must be replaced before it is told"):
        replace_meter(of, "MTR-1", swap, at(4))
    with pytest.raises(
        StateError, match=r"must feed a meter that is replaced, .* got none for BARE"
    ):
        replace_meter(of, "BARE", swap, NOW)
    two = register(binding("a"), binding("b"))
    with pytest.raises(StateError, match="got a, b for MTR-1"):
        replace_meter(two, "MTR-1", swap, NOW)
    other = register(binding(quantity="electricity_power_kw"))
    with pytest.raises(StateError, match="must count electricity_import_kwh, got MTR-1"):
        replace_meter(other, "MTR-1", swap, NOW)


def test_a_swap_is_stored_with_both_readings_and_an_entry(records: Engine) -> None:
    series = MemorySeriesStore()
    save_register(records, register(), "a", at(0))
    swap = Swap(at(12), "new", 1024.0, 7.0, channel="1")
    save_replacement(records, series, "MTR-1", swap, "张工", NOW)
    stored = load_register(records)
    assert [b.device for b in stored.bindings_of("MTR-1") if b.valid_until is None] == ["new"]
    keys = [SeriesKey("dev", "", IMPORT), SeriesKey("new", "1", IMPORT)]
    table = series.read_readings(keys, Span(at(0), at(24)))
    assert table["value"].to_pylist() == [1024.0, 7.0]
    entry = Ledger(records).entries()[-1]
    assert (entry.actor, entry.action, entry.subject) == ("张工", "meter_replaced", "MTR-1")


@pytest.mark.parametrize("device", ["new", "dev"])
def test_energy_is_exact_out_of_each_store(
    records: Engine, empty_series: SeriesStore, device: str
) -> None:
    # The old meter told its value at the very instant too: the end reading goes before that.
    live = [reading(at(h), 1000 + 2 * h) for h in range(13)]
    live += [reading(at(h), 5 + (h - 12) * 3.0, device=device) for h in range(13, 25)]
    empty_series.write_readings(readings_table(live))
    save_register(records, register(binding(multiplier=40.0)), "a", at(0))
    swap = Swap(at(12), device, 1024.5, 5.0, multiplier=60.0)
    save_replacement(records, empty_series, "MTR-1", swap, "张工", NOW)
    keys = [SeriesKey(name, "", IMPORT) for name in sorted({"dev", device})]
    table = clean(empty_series.read_readings(keys, Span(at(0), at(25))), FAR)
    wiring = Wiring(load_register(records))
    use, _ = hourly_use(table, wiring, [Key("MTR-1", IMPORT)], Span(at(0), at(24)))
    assert float(np.nansum(use.value)) == pytest.approx(24.5 * 40 + 36 * 60, rel=1e-12)


def test_a_swap_that_breaks_a_rule_writes_nothing(records: Engine) -> None:
    series = MemorySeriesStore()
    taken = Binding("new", "MTR-2", at(-10))
    save_register(records, register(binding(), taken, meters=[meter(), meter("MTR-2")]), "a", at(0))
    with pytest.raises(RegisterError, match="must not overlap"):
        save_replacement(records, series, "MTR-1", Swap(at(12), "new", 1.0, 0.0), "a", NOW)
    keys = [SeriesKey("new", "", IMPORT)]
    assert len(series.read_readings(keys, Span(at(0), at(24)))) == 0
    assert Ledger(records).head()[0] == 1
