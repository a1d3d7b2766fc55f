"""From answers to verdicts: what each of many broken set-ups is called."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.storage.checking import influx_verdicts as verdicts
from quotawatt.storage.checking.influx_verdicts import Answer
from quotawatt.storage.checking.verdicts import Verdict

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://influx:8086"


def said(status: int, body: object = b"", **headers: str) -> Answer:
    """An answer; what is no bytes as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, content, {name.replace("_", "-"): text for name, text in headers.items()})


def rows(*names: str) -> object:
    """The answer of 1.x to SHOW DATABASES."""
    values = {"values": [[name] for name in names]} if names else {}
    series = {"name": "databases", "columns": ["name"], **values}
    return {"results": [{"statement_id": 0, "series": [series]}]}


UNAUTHORISED_1X = {"error": "authorization failed"}
UNAUTHORISED_2X = {"code": "unauthorized", "message": "unauthorized access"}
POLICY_COLUMNS = ["name", "duration", "shardGroupDuration", "replicaN", "default"]


def policies(duration: str) -> object:
    """The answer of 1.x to SHOW RETENTION POLICIES: one of a day and the default one."""
    values = [["day", "24h0m0s", "1h0m0s", 1, False], ["autogen", duration, "168h0m0s", 1, True]]
    return {"results": [{"series": [{"columns": POLICY_COLUMNS, "values": values}]}]}


CASES: list[tuple[Verdict | None, bool, str]] = [
    (verdicts.address(said(204), URL), True, "answers"),
    (verdicts.address(said(401), URL), True, "answers"),
    (verdicts.address(said(404, b"<html>Grafana</html>"), URL), False, "no_influxdb"),
    (verdicts.address(said(502, b"bad gateway"), URL), False, "no_influxdb"),
    (
        verdicts.address(said(400, b"Client sent an HTTP request to an HTTPS server."), URL),
        False,
        "tls_wanted",
    ),
    (verdicts.version(said(204)), True, "version_unknown"),
    (
        verdicts.version(Answer(204, b"", {"X-Influxdb-Version": "1.6.7~rc0"})),
        True,
        "version_known",
    ),
    (verdicts.version(Answer(204, b"", {"X-Influxdb-Version": "v2.7.1"})), True, "version_known"),
    (verdicts.version(Answer(204, b"", {"X-Influxdb-Version": "0.9.6"})), False, "version_old"),
    (verdicts.version(said(200, {"version": "3.1.0", "revision": "x"})), True, "version_known"),
    (verdicts.version(said(200, b"{broken")), True, "version_unknown"),
    (verdicts.clock(said(204, Date="Sun, 01 Mar 2026 12:00:03 GMT"), NOW), True, "clock_right"),
    (verdicts.clock(said(204, Date="Sun, 01 Mar 2026 11:58:00 GMT"), NOW), False, "clock_off"),
    (verdicts.clock(said(204, Date="Sun, 01 Mar 2026 12:05:00 GMT"), NOW), False, "clock_off"),
    (verdicts.token(said(401, UNAUTHORISED_1X), 1, ""), False, "token_missing"),
    (verdicts.token(said(401, UNAUTHORISED_1X), 1, "abcdef"), False, "token_form"),
    (verdicts.token(said(401, UNAUTHORISED_1X), 1, "user:wrong"), False, "token_wrong"),
    (verdicts.token(said(401, UNAUTHORISED_2X), 2, "abc"), False, "token_wrong"),
    (verdicts.token(said(401, UNAUTHORISED_2X), 2, ""), False, "token_missing"),
    (
        verdicts.token(
            said(403, {"error": "error authorizing query: create admin user first or disable"}),
            1,
            "",
        ),
        False,
        "no_admin",
    ),
    (
        verdicts.token(said(404, {"message": 'organization name "x" not found'}), 2, "abc"),
        False,
        "org_missing",
    ),
    (verdicts.token(said(404, {"message": 'bucket "x" not found'}), 2, "abc"), True, "let_in"),
    (verdicts.token(said(200, rows("one")), 1, "user:right"), True, "let_in"),
    (verdicts.token(said(200, rows("one")), 1, ""), True, "none_needed"),
    (verdicts.token(said(503, b"starting"), 1, ""), False, "refused_otherwise"),
    (
        verdicts.database(said(200, rows("_internal", "quotawatt")), "quotawatt"),
        True,
        "database_there",
    ),
    (verdicts.database(said(200, rows("_internal")), "quotawatt"), False, "database_missing"),
    (verdicts.database(said(200, rows()), "quotawatt"), False, "database_missing"),
    (verdicts.database(said(200, [1, 2]), "quotawatt"), False, "database_missing"),
    (verdicts.policy(said(200, policies("0s"))), True, "for_ever"),
    (verdicts.policy(said(200, policies("720h0m0s"))), False, "expires"),
    (
        verdicts.bucket(said(200, {"buckets": [{"name": "b", "id": "1"}]}), "b")[0],
        True,
        "bucket_there",
    ),
    (verdicts.bucket(said(200, {"buckets": []}), "b")[0], False, "bucket_missing"),
    (
        verdicts.bucket(said(404, {"message": 'bucket "b" not found'}), "b")[0],
        False,
        "bucket_missing",
    ),
    (verdicts.bucket(said(403, {"code": "forbidden"}), "b")[0], False, "bucket_missing"),
    (verdicts.bucket_retention({"retentionRules": []}), True, "for_ever"),
    (verdicts.bucket_retention({"retentionRules": [{"everySeconds": 0}]}), True, "for_ever"),
    (verdicts.bucket_retention({"retentionRules": [{"everySeconds": 2592000}]}), False, "expires"),
    (verdicts.mapping(said(200, {"content": []}), "b", "1"), False, "mapping_missing"),
    (
        verdicts.mapping(
            said(200, {"content": [{"database": "b", "bucketID": "1", "default": True}]}), "b", "1"
        ),
        True,
        "mapped",
    ),
    (
        verdicts.mapping(
            said(200, {"content": [{"database": "b", "bucketID": "1", "virtual": True}]}), "b", "1"
        ),
        True,
        "mapped",
    ),
    (
        verdicts.mapping(
            said(200, {"content": [{"database": "b", "bucketID": "1", "default": False}]}), "b", "1"
        ),
        False,
        "mapping_not_default",
    ),
    (
        verdicts.mapping(
            said(200, {"content": [{"database": "b", "bucketID": "2", "default": True}]}), "b", "1"
        ),
        False,
        "mapping_elsewhere",
    ),
    (verdicts.write(said(204), "b"), True, "taken"),
    (
        verdicts.write(said(403, {"error": "not authorized to write"}), "b"),
        False,
        "write_forbidden",
    ),
    (verdicts.write(said(401, UNAUTHORISED_2X), "b"), False, "write_forbidden"),
    (
        verdicts.write(said(404, {"error": 'database not found: "b"'}), "b"),
        False,
        "database_missing",
    ),
    (verdicts.write(said(500, {"error": "engine is closed"}), "b"), False, "write_refused"),
    (
        verdicts.read_back(
            said(
                200,
                {"results": [{"series": [{"columns": ["time", "value"], "values": [[1, 0.5]]}]}]},
            ),
            1,
            "b",
            0.5,
        ),
        True,
        "came_back",
    ),
    (
        verdicts.read_back(said(200, {"results": [{"statement_id": 0}]}), 2, "b", 0.5),
        False,
        "came_not_back",
    ),
    (
        verdicts.read_back(
            said(200, {"results": [{"error": "database not found: b"}]}), 2, "b", 0.5
        ),
        False,
        "mapping_missing",
    ),
    (
        verdicts.read_back(
            said(200, {"results": [{"error": "database not found: b"}]}), 1, "b", 0.5
        ),
        False,
        "read_refused",
    ),
    (
        verdicts.read_back(said(403, {"error": "requires READ on b"}), 1, "b", 0.5),
        False,
        "read_forbidden",
    ),
    (verdicts.read_back(said(200, b"<html>"), 2, "b", 0.5), False, "read_refused"),
    (verdicts.read_back(said(500, b""), 3, "b", 0.5), False, "read_refused"),
]


@pytest.mark.parametrize(("verdict", "ok", "cause"), CASES)
def test_each_answer_is_called_by_its_cause(verdict: Verdict | None, ok: bool, cause: str) -> None:
    assert verdict is not None
    assert (verdict.ok, verdict.cause) == (ok, cause)


def test_what_a_server_does_not_tell_is_not_judged() -> None:
    assert verdicts.clock(said(204), NOW) is None
    assert verdicts.clock(said(204, Date="yesterday"), NOW) is None
    assert verdicts.policy(said(403, {"error": "requires READ"})) is None
    assert verdicts.mapping(said(403, {"code": "forbidden"}), "b", "1") is None


def test_a_retention_is_named_in_days() -> None:
    found = verdicts.policy(said(200, policies("720h0m0s")))
    assert found is not None
    assert found.facts == {"after": "30 d"}
    assert verdicts.bucket_retention({"retentionRules": [{"everySeconds": 2592000}]}).facts == {
        "after": "30 d"
    }


JUDGES: list[Callable[[Answer], object]] = [
    lambda answer: verdicts.address(answer, URL),
    verdicts.version,
    lambda answer: verdicts.token(answer, 1, "t"),
    lambda answer: verdicts.database(answer, "b"),
    verdicts.policy,
    lambda answer: verdicts.bucket(answer, "b"),
    lambda answer: verdicts.mapping(answer, "b", "1"),
    lambda answer: verdicts.write(answer, "b"),
    lambda answer: verdicts.read_back(answer, 2, "b", 0.5),
]


@given(status=st.integers(100, 599), body=st.binary(max_size=40))
def test_no_answer_makes_the_check_stumble(status: int, body: bytes) -> None:
    for judge in JUDGES:
        judge(Answer(status, body))


@given(
    status=st.sampled_from([200, 404]),
    body=st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    ["results", "series", "values", "columns", "buckets", "content", "error"]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=8,
    ),
)
def test_no_odd_json_makes_the_check_stumble(status: int, body: object) -> None:
    for judge in JUDGES:
        judge(said(status, body))


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"error":"authorization failed"}', "authorization failed"),
        (b'{"code":"not found","message":"no such organization"}', "no such organization"),
        (b"<html>\n <body>\n  <h1>Error</h1> 404\n</body>", "Error 404"),
        (b"plain\nwords", "plain words"),
    ],
)
def test_what_a_server_says_is_shown_on_one_line(body: bytes, shown: str) -> None:
    assert Answer(404, body).text == shown


def test_3x_cannot_do_what_settings_of_keeping_want() -> None:
    assert verdicts.removal(3, False).ok
    refused = verdicts.removal(3, True)
    assert (refused.check, refused.ok, refused.cause) == ("retention", False, "cannot_remove")
