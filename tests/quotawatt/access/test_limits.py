"""Limits of sign-ins and requests."""

from quotawatt.access.limits import Limits
from quotawatt.settings import Settings

SETTINGS = Settings(
    sign_in_window_s=600,
    sign_in_failures_per_user=2,
    sign_in_failures_per_address=3,
    api_requests_per_minute=2,
    sign_in_failures_recorded_per_minute=1,
)


def test_an_account_waits_after_its_failures_wherever_they_came_from() -> None:
    limits = Limits(SETTINGS)
    assert limits.sign_in_wait_s("wang", "192.0.2.1") is None
    limits.sign_in_failed("wang", "192.0.2.1")
    assert limits.sign_in_wait_s("wang", "192.0.2.1") is None
    limits.sign_in_failed("wang", "192.0.2.2")
    wait_s = limits.sign_in_wait_s("wang", "192.0.2.3")
    assert wait_s is not None
    assert 0 < wait_s <= 600
    assert limits.sign_in_wait_s("li", "192.0.2.3") is None


def test_an_address_waits_after_its_failures_whomever_it_tried() -> None:
    limits = Limits(SETTINGS)
    for name in ("a", "b", "c"):
        limits.sign_in_failed(name, "192.0.2.1")
    assert limits.sign_in_wait_s("d", "192.0.2.1") is not None
    assert limits.sign_in_wait_s("d", "192.0.2.2") is None


def test_where_no_account_is_named_only_the_address_waits() -> None:
    limits = Limits(SETTINGS)
    for number in range(3):
        limits.sign_in_failed("", f"192.0.2.{number}")
    assert limits.sign_in_wait_s("", "192.0.2.9") is None


def test_requests_are_counted_by_who_makes_them() -> None:
    limits = Limits(SETTINGS)
    assert [limits.request_wait_s("wang") for _ in range(2)] == [None, None]
    wait_s = limits.request_wait_s("wang")
    assert wait_s is not None
    assert 0 < wait_s <= 60
    assert limits.request_wait_s("li") is None


def test_failures_are_recorded_within_a_limit() -> None:
    limits = Limits(SETTINGS)
    assert [limits.may_record() for _ in range(3)] == [True, False, False]
