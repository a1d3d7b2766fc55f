"""Random meters for property-based tests: what truly passed, and what the device said of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from quotawatt.readings import Reading
from quotawatt.register.model import Binding, Register
from tests.analytics.builders import T0, binding, reading, register

RATED_KW = 100.0


@dataclass(frozen=True)
class RandomMeter:
    """A meter's readings in order of time and its register.

    use
        What truly passed between the first and the last reading, after the multiplier.
    honest
        Whether nothing was lost: no reset without a record, and no glitch at either end.
    """

    readings: tuple[Reading, ...]
    register: Register
    use: float
    honest: bool


@st.composite
def meters(draw: st.DrawFn, faults: bool = True) -> RandomMeter:
    """A meter with gaps, rollovers and swaps; with ``faults`` with resets and glitches too."""
    gaps = draw(
        st.lists(st.sampled_from([1, 7, 15, 15, 15, 60, 61, 600, 4321]), min_size=3, max_size=30)
    )
    shares = draw(st.lists(st.floats(0, 1), min_size=len(gaps), max_size=len(gaps)))
    multiplier = draw(st.sampled_from([1.0, 1.0, 40.0]))
    size = draw(st.sampled_from([None, 100_000.0]))
    shown, minute = draw(st.sampled_from([0.0, 40.25, 99_990.0])), draw(st.integers(0, 59))
    swap = draw(st.integers(1, 2 * len(gaps)))
    device, bindings = "dev-0", [_bound("dev-0", multiplier, size)]
    found = [reading(_at(minute), shown, device)]
    for number, (gap, share) in enumerate(zip(gaps, shares, strict=True), start=1):
        minute += gap
        shown += share * RATED_KW / multiplier * gap / 60
        if size is not None and shown >= size:
            shown -= size
        found.append(reading(_at(minute), shown, device))
        if number == swap:
            bindings[-1] = replace(bindings[-1], valid_until=_at(minute))
            device, shown = "dev-1", 3.5
            bindings.append(replace(_bound(device, multiplier, size), valid_from=_at(minute)))
            found.append(reading(_at(minute), shown, device))
    use = sum(s * RATED_KW * g / 60 for s, g in zip(shares, gaps, strict=True))
    spoilt = _spoilt(draw, found) if faults else found
    return RandomMeter(tuple(spoilt), register(*bindings), use, spoilt == found)


def _spoilt(draw: st.DrawFn, readings: list[Reading]) -> list[Reading]:
    """The readings with up to three wrong values among them, and perhaps a reset from some reading on."""
    found = list(readings)
    for row in draw(st.lists(st.integers(0, len(found) - 1), max_size=3)):
        wrong = draw(st.sampled_from([0.0, 12.5, 70_000.0, 99_999.0]))
        found[row] = replace(found[row], value=wrong)
    since = draw(st.integers(1, 3 * len(found)))
    if since < len(found):
        base = found[since].value
        found[since:] = [replace(r, value=max(r.value - base, 0.0)) for r in found[since:]]
    return found


def _bound(device: str, multiplier: float, size: float | None) -> Binding:
    return binding(device, multiplier=multiplier, register_size=size)


def _at(minute: int) -> datetime:
    return T0 + timedelta(minutes=minute)
