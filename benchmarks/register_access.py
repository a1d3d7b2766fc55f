"""What signing in costs, and what it costs to look a token up for each request."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

from api.auth import authenticate
from benchmarks.register_estate import estate
from benchmarks.register_rig import SQLITE, Homes, seconds_of
from benchmarks.register_served import Served, serving
from benchmarks.report import Figure
from quotawatt.access.grants import Grants
from quotawatt.access.passwords import Passwords
from quotawatt.access.principal import Grant, Principal, TokenScope
from quotawatt.access.roles import Permission, Role
from quotawatt.access.tokens import Tokens
from quotawatt.access.users import Users
from quotawatt.register.repository import save_register

_PASSWORD = "seven wet herons on a gate"
_BY = Principal("benchmark", unrestricted=True)
_HASHES = 5
_ASSETS = 1_000


def access_figures(homes: Homes, requests: int, rounds: int) -> Iterator[Figure]:
    """Time of a check of a password; requests a second with a token of an account, and unasked."""
    passwords = Passwords()
    hashed = passwords.hashed(_PASSWORD)
    taken = median(seconds_of(lambda: passwords.matches(hashed, _PASSWORD)) for _ in range(_HASHES))
    yield Figure("check of a password (argon2id), median", taken * 1e3, "ms")
    with serving(homes.fresh(SQLITE)) as served:
        save_register(served.system.records, estate(_ASSETS), "benchmark", datetime.now(UTC))
        served.system.register.refresh()
        served.client.headers["Authorization"] = f"Bearer {_account_token(served)}"
        _rate(served, requests // 10)
        pairs = [(_rate(served, requests), _unasked(served, requests)) for _ in range(rounds)]
    yield Figure("requests with a token", median(on for on, _ in pairs), "1/s")
    yield Figure("requests without a check of who asks", median(off for _, off in pairs), "1/s")
    ratio = median(on / off for on, off in pairs)
    yield Figure("requests with a token / without a check", ratio, "×")


def _account_token(served: Served) -> str:
    """A token of an account that reads everything."""
    records, now = served.system.records, datetime.now(UTC)
    Users(records, Passwords()).add(_BY, "reader", "Reader", None, now)
    Grants(records).add(_BY, "reader", Grant(Role.VIEWER), now)
    scope = TokenScope(frozenset({Permission.RESULTS_READ}))
    end = now + timedelta(days=1)
    return Tokens(records).make(_BY, "reader", "benchmark", scope, end, now)[1]


def _unasked(served: Served, requests: int) -> float:
    """The rate where everybody is let in."""
    served.app.dependency_overrides[authenticate] = lambda: _BY
    try:
        return _rate(served, requests)
    finally:
        served.app.dependency_overrides.clear()


def _rate(served: Served, requests: int) -> float:
    began = time.perf_counter()
    for number in range(requests):
        served.client.get(f"/assets/B-{number % 10}").raise_for_status()
    return requests / (time.perf_counter() - began)
