"""How often somebody may try to sign in and fail, and how many requests they may make.

Counted in the process, over windows that move; each replica of the api counts for itself. What was counted
is forgotten when the process ends.
"""

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, RateLimiter

from quotawatt.settings import Settings


class Limits:
    """The limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        storage = MemoryStorage()
        self._failures: RateLimiter = MovingWindowRateLimiter(storage)
        self._requests: RateLimiter = FixedWindowRateLimiter(storage)
        window_s = settings.sign_in_window_s
        self._per_user = RateLimitItemPerSecond(settings.sign_in_failures_per_user, window_s)
        self._per_address = RateLimitItemPerSecond(settings.sign_in_failures_per_address, window_s)
        self._per_minute = RateLimitItemPerMinute(settings.api_requests_per_minute)
        self._recorded = RateLimitItemPerMinute(settings.sign_in_failures_recorded_per_minute)

    def sign_in_wait_s(self, user: str, address: str) -> int | None:
        """Seconds until a sign-in may be tried again; None: now."""
        waits = [
            self._wait_s(self._failures, item, *key)
            for item, key in self._sign_in(user, address)
            if not self._failures.test(item, *key)
        ]
        return max(waits, default=None)

    def sign_in_failed(self, user: str, address: str) -> None:
        """Count a failure for the account and for the address."""
        for item, key in self._sign_in(user, address):
            self._failures.hit(item, *key)

    def request_wait_s(self, who: str) -> int | None:
        """Count a request; seconds until another may be made where it is one too many, else None."""
        if self._requests.hit(self._per_minute, "request", who):
            return None
        return self._wait_s(self._requests, self._per_minute, "request", who)

    def may_record(self) -> bool:
        """Whether one more failure goes into the ledger: who tries for ever must not fill it."""
        return self._failures.hit(self._recorded, "recorded")

    def _sign_in(self, user: str, address: str) -> list[tuple[RateLimitItem, tuple[str, str]]]:
        """What a sign-in counts for. Where no account is named, as with a token, for the address alone."""
        by_address: tuple[RateLimitItem, tuple[str, str]] = (
            self._per_address,
            ("address", address),
        )
        return [(self._per_user, ("user", user[:64])), by_address] if user else [by_address]

    def _wait_s(self, limiter: RateLimiter, item: RateLimitItem, *key: str) -> int:
        stats = limiter.get_window_stats(item, *key)
        return max(1, math.ceil(stats.reset_time - time.time()))
