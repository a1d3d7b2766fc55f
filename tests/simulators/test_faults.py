"""Labelled faults."""

from datetime import datetime, timedelta

import numpy as np

from simulators.faults import Fault, FaultKind, distort, stand_still
from simulators.timeline import ZONE

START = datetime(2023, 3, 1, tzinfo=ZONE)
MARKS = int(START.timestamp()) + 900 * np.arange(6, dtype=np.int64)
REGISTER = np.array([10.0, 11.0, 12.0, 13.0, 14.0, 15.0])


def fault(kind: FaultKind, first: int, until: int | None, size: float = 0.0) -> Fault:
    step = timedelta(minutes=15)
    end = None if until is None else START + until * step
    return Fault(kind, "MTR-X", START + first * step, end, size, "注", "note")


def test_a_fault_covers_its_half_open_span() -> None:
    assert fault(FaultKind.OUTAGE, 1, 3).covers(MARKS).tolist() == [0, 1, 1, 0, 0, 0]
    assert fault(FaultKind.SILENT, 4, None).covers(MARKS).tolist() == [0, 0, 0, 0, 1, 1]


def test_a_spike_is_one_reading() -> None:
    changed = distort(REGISTER, fault(FaultKind.SPIKE, 2, 3, 500.0), MARKS)
    assert changed.tolist() == [10, 11, 512, 13, 14, 15]


def test_a_reset_shows_what_was_used_since() -> None:
    changed = distort(REGISTER, fault(FaultKind.RESET, 2, 3), MARKS)
    assert changed.tolist() == [10, 11, 12, 1, 2, 3]


def test_a_stuck_register_counts_nothing_meanwhile() -> None:
    counted = stand_still(np.ones(5), fault(FaultKind.STUCK, 1, 3), MARKS)
    assert counted.tolist() == [1, 0, 0, 1, 1]


def test_other_kinds_and_later_times_leave_a_register_alone() -> None:
    for kind in (FaultKind.OUTAGE, FaultKind.SILENT, FaultKind.STUCK):
        assert distort(REGISTER, fault(kind, 1, 3), MARKS).tolist() == REGISTER.tolist()
    late = fault(FaultKind.SPIKE, 100, 101, 9.0)
    assert distort(REGISTER, late, MARKS).tolist() == REGISTER.tolist()
