"""Payloads over threads: in order, a few at a time, failures handed on."""

import operator
import os
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from analytics.jobs.executors import LocalExecutor, ProcessExecutor
from quotawatt.errors import StoreError


def test_results_come_in_the_order_of_the_payloads() -> None:
    first_may_end = threading.Event()

    def slow_first(n: int) -> int:
        if n == 0:
            assert first_may_end.wait(30)
        else:
            first_may_end.set()
        return n * n

    found = list(LocalExecutor(2).map(slow_first, range(50)))
    assert found == [n * n for n in range(50)]


def test_payloads_are_drawn_only_a_few_ahead() -> None:
    drawn: list[int] = []

    def payloads() -> Iterator[int]:
        for n in range(100):
            drawn.append(n)
            yield n

    for done, _ in enumerate(LocalExecutor(3, ahead=5).map(abs, payloads()), start=1):
        # The caller has done - 1 results behind it and looks at one; one more is drawn to wait.
        assert len(drawn) <= done + 5


def test_drawing_goes_on_while_the_caller_is_busy() -> None:
    third = threading.Event()

    def payloads() -> Iterator[int]:
        for n in range(4):
            if n == 3:
                third.set()
            yield n

    results = LocalExecutor(1, ahead=4).map(abs, payloads())
    assert next(results) == 0
    assert third.wait(30)
    assert list(results) == [1, 2, 3]


def test_nothing_to_do_gives_nothing() -> None:
    assert list(LocalExecutor().map(abs, [])) == []


@pytest.mark.parametrize("where", ["drawn", "computed"])
def test_a_failure_reaches_the_caller_and_ends_the_work(where: str) -> None:
    def payloads() -> Iterator[int]:
        for n in range(10):
            if where == "drawn" and n == 4:
                raise StoreError("the store must answer, got nothing")
            yield n

    def compute(n: int) -> int:
        if where == "computed" and n == 4:
            raise StoreError("the store must answer, got nothing")
        return n

    with pytest.raises(StoreError, match="must answer"):
        list(LocalExecutor(2).map(compute, payloads()))
    assert not [t for t in threading.enumerate() if t.name.startswith(("partition", "draw"))]


def test_the_caller_may_stop_early() -> None:
    results = LocalExecutor(2).map(abs, iter(range(1000)))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    results.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name.startswith("partition")]


def test_processes_give_results_and_a_lost_one_is_said() -> None:
    payloads = [partial(abs, -3), partial(os._exit, 3)]
    results = ProcessExecutor(1).map(operator.call, payloads)
    assert next(results) == 3
    with pytest.raises(StoreError, match="was lost"):
        next(results)
