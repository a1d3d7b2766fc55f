"""Checking and setting up a real InfluxDB 1.x that wants users to sign in, and the shapes of 2.x and 3.x."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from quotawatt.clock import system_clock
from quotawatt.errors import StoreError
from quotawatt.storage.checking.connections import failure_cause
from quotawatt.storage.checking.influx_probe import InfluxTarget, check_influx
from quotawatt.storage.checking.influx_setup import set_up_influx
from quotawatt.storage.influx import InfluxSeriesStore
from tests.quotawatt.storage.influx_stub import Stub, run_stub
from tests.servers import Server, free_port, run_influxdb

Outcome = list[tuple[str, str]]

USERS = {"reader": "READ", "writer": "WRITE", "both": "ALL", "nobody": ""}


def causes(target: InfluxTarget) -> Outcome:
    """What a check says, thing by thing; the last is wrong or reading back."""
    found = list(check_influx(target, system_clock))
    assert all(verdict.ok for verdict in found[:-1])
    assert found[-1].ok == (found[-1].cause == "came_back")
    return [(verdict.check, verdict.cause) for verdict in found]


def last(target: InfluxTarget) -> tuple[str, str]:
    """The last thing that a check says."""
    return causes(target)[-1]


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real InfluxDB 1.x that wants users to sign in; it has the administrator ``admin:a``."""
    with run_influxdb(tmp_path_factory.mktemp("signed-in"), signed_in=True) as server:
        assert last(InfluxTarget(server.http_url, "", "", "one")) == ("token", "no_admin")
        _order(server, "CREATE USER admin WITH PASSWORD 'a' WITH ALL PRIVILEGES")
        _order(server, "CREATE DATABASE one")
        for user, privilege in USERS.items():
            _order(server, f"CREATE USER {user} WITH PASSWORD 'p'")
            if privilege:
                _order(server, f"GRANT {privilege} ON one TO {user}")
        yield server


def _order(server: Server, statement: str) -> None:
    auth = None if "admin" in statement else ("admin", "a")
    reply = httpx.post(f"{server.http_url}/query", data={"q": statement}, auth=auth)
    reply.raise_for_status()


@pytest.mark.influx
@pytest.mark.parametrize(
    ("token", "bucket", "expected"),
    [
        ("", "one", ("token", "token_missing")),
        ("abc", "one", ("token", "token_form")),
        ("admin:wrong", "one", ("token", "token_wrong")),
        ("stranger:p", "one", ("token", "token_wrong")),
        ("nobody:p", "one", ("database", "database_missing")),
        ("reader:p", "one", ("write", "write_forbidden")),
        ("writer:p", "one", ("read", "read_forbidden")),
        ("both:p", "two", ("database", "database_missing")),
        ("both:p", "one", ("read", "came_back")),
        ("admin:a", "one", ("read", "came_back")),
    ],
)
def test_a_1x_server_lets_in_whom_it_should(
    signed_in: Server, token: str, bucket: str, expected: tuple[str, str]
) -> None:
    assert last(InfluxTarget(signed_in.http_url, token, "", bucket)) == expected


@pytest.mark.influx
def test_a_user_who_is_no_administrator_uses_a_database_that_is_there(signed_in: Server) -> None:
    store = InfluxSeriesStore(signed_in.http_url, "both:p", "", "one")
    assert len(store.last_readings(datetime(2026, 1, 1, tzinfo=UTC))) == 0
    store.close()
    with pytest.raises(StoreError, match=r"says 403: .*requires admin privilege"):
        list(set_up_influx(InfluxTarget(signed_in.http_url, "both:p", "", "new")))


@pytest.mark.influx
def test_setting_up_a_1x_server_makes_its_database_once(signed_in: Server) -> None:
    target = InfluxTarget(signed_in.http_url, "admin:a", "", 'the "third" one')
    assert last(target) == ("database", "database_missing")
    assert [verdict.cause for verdict in set_up_influx(target)] == ["made_database"]
    assert [verdict.cause for verdict in set_up_influx(target)] == ["database_there"]
    assert causes(target) == [
        ("address", "answers"),
        ("version", "version_known"),
        ("clock", "clock_right"),
        ("token", "let_in"),
        ("database", "database_there"),
        ("retention", "for_ever"),
        ("write", "taken"),
        ("read", "came_back"),
    ]


@pytest.mark.influx
def test_a_database_of_short_shards_gets_longer_ones(signed_in: Server) -> None:
    _order(signed_in, "CREATE DATABASE weekly")
    target = InfluxTarget(signed_in.http_url, "admin:a", "", "weekly")
    for expected in (["database_there", "made_long_shards"], ["database_there"]):
        assert [verdict.cause for verdict in set_up_influx(target)] == expected


@pytest.mark.influx
def test_a_1x_server_that_deletes_is_told(signed_in: Server) -> None:
    _order(signed_in, "CREATE DATABASE short WITH DURATION 30d")
    target = InfluxTarget(signed_in.http_url, "admin:a", "", "short")
    assert last(target) == ("retention", "expires")


# --- the shapes of 2.x and 3.x, by a stand-in --------------------------------------------------------


@pytest.fixture
def stub() -> Iterator[Stub]:
    with run_stub(Stub()) as running:
        yield running


def _target(stub: Stub, token: str = "good", org: str = "quotawatt") -> InfluxTarget:
    return InfluxTarget(stub.url, token, org, "quotawatt")


def test_a_2x_server_that_is_right_is_asked_for_everything(stub: Stub) -> None:
    stub.add_bucket("quotawatt")
    assert causes(_target(stub)) == [
        ("address", "answers"),
        ("version", "version_known"),
        ("clock", "clock_right"),
        ("token", "let_in"),
        ("database", "bucket_there"),
        ("retention", "for_ever"),
        ("mapping", "mapped"),
        ("write", "taken"),
        ("read", "came_back"),
    ]


def test_what_is_wrong_with_a_2x_server_is_told_one_after_the_other(stub: Stub) -> None:
    assert last(_target(stub, token="")) == ("token", "token_missing")
    assert last(_target(stub, token="bad")) == ("token", "token_wrong")
    assert last(_target(stub, org="other")) == ("token", "org_missing")
    assert last(_target(stub)) == ("database", "bucket_missing")
    stub.add_bucket("quotawatt", every_s=86_400, mapped=False)
    assert last(_target(stub)) == ("retention", "expires")
    stub.buckets["quotawatt"]["retentionRules"] = []
    assert last(_target(stub)) == ("mapping", "mapping_missing")
    stub.map("quotawatt", "another")
    assert last(_target(stub)) == ("mapping", "mapping_elsewhere")
    stub.mappings.clear()
    stub.map("quotawatt", stub.buckets["quotawatt"]["id"])
    stub.may_write = False
    assert last(_target(stub)) == ("write", "write_forbidden")
    stub.may_write = True
    assert last(_target(stub)) == ("read", "came_back")


def test_setting_up_a_2x_server_makes_bucket_and_mapping_once(stub: Stub) -> None:
    target = _target(stub)
    assert [verdict.cause for verdict in set_up_influx(target)] == ["made_bucket", "made_mapping"]
    assert [verdict.cause for verdict in set_up_influx(target)] == ["bucket_there", "mapped"]
    (mapping,) = stub.mappings
    assert (mapping["database"], mapping["default"]) == ("quotawatt", True)
    assert last(target) == ("read", "came_back")
    stub.mappings.clear()
    assert [verdict.cause for verdict in set_up_influx(target)] == ["bucket_there", "made_mapping"]


def test_a_bucket_of_short_shards_gets_longer_ones_and_keeps_its_retention(stub: Stub) -> None:
    stub.add_bucket("quotawatt")
    rules = stub.buckets["quotawatt"]["retentionRules"]
    rules[0]["shardGroupDurationSeconds"] = 604_800
    for expected in (["bucket_there", "made_long_shards", "mapped"], ["bucket_there", "mapped"]):
        assert [verdict.cause for verdict in set_up_influx(_target(stub))] == expected
    (rule,) = stub.buckets["quotawatt"]["retentionRules"]
    assert (rule["everySeconds"], rule["shardGroupDurationSeconds"]) == (0, 52 * 604_800)


def test_a_3x_server_gets_its_database_and_has_no_mapping() -> None:
    with run_stub(Stub(version="3.1.0")) as stub:
        target = _target(stub)
        assert [verdict.cause for verdict in set_up_influx(target)] == ["made_database"]
        assert [verdict.cause for verdict in set_up_influx(target)] == ["database_there"]
        assert [check for check, _ in causes(target)] == [
            "address",
            "version",
            "clock",
            "token",
            "retention",
            "write",
            "read",
        ]
        assert last(replace(target, removing=True)) == ("retention", "cannot_remove")


def test_setting_up_what_refuses_or_is_not_there_is_a_store_error(stub: Stub) -> None:
    with pytest.raises(StoreError, match="says 401"):
        list(set_up_influx(_target(stub, token="bad")))
    gone = InfluxTarget(f"http://user:s3cret@127.0.0.1:{free_port()}", "good", "o", "b")
    with pytest.raises(StoreError, match=r"must answer, http://127\.0\.0\.1") as caught:
        list(set_up_influx(gone))
    assert "s3cret" not in str(caught.value)


# --- servers that are not there ----------------------------------------------------------------------


def test_nothing_listens(tmp_path: Path) -> None:
    target = InfluxTarget(f"http://u:s3cret@127.0.0.1:{free_port()}", "t", "o", "b")
    (verdict,) = check_influx(target, system_clock)
    assert verdict.cause == "refused"
    assert "s3cret" not in str(verdict.facts)


def test_a_host_that_has_no_address() -> None:
    assert last(InfluxTarget("http://no.such.host.invalid", "t", "o", "b"))[1] == "unknown_host"


def test_tls_asked_of_a_port_that_does_not_speak_it(stub: Stub) -> None:
    target = InfluxTarget(stub.url.replace("http://", "https://"), "t", "o", "b")
    assert last(target) == ("address", "tls_none")


def _led_to(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (_led_to(httpx.ConnectError("x"), ssl.SSLCertVerificationError("bad")), "tls_untrusted"),
        (_led_to(httpx.ConnectError("x"), ssl.SSLError("HANDSHAKE_FAILURE")), "tls"),
        (httpx.ReadTimeout("x"), "timeout"),
        (_led_to(httpx.ConnectError("x"), TimeoutError()), "timeout"),
        (httpx.RemoteProtocolError("disconnected"), "dropped"),
    ],
)
def test_why_a_connection_fails(error: Exception, cause: str) -> None:
    assert failure_cause(error) == cause


def test_an_exception_that_is_its_own_cause_is_looked_at_once() -> None:
    first = httpx.ConnectError("x")
    assert failure_cause(_led_to(first, _led_to(OSError("y"), first))) == "dropped"
