"""Keys and tags of records: each has its own, and it leads back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.register_examples import EXAMPLES
from api.register_keys import address_key, matches, record_at, record_etag
from quotawatt.errors import NotFoundError
from quotawatt.register.check import check_rows
from quotawatt.register.editing import rows_of
from quotawatt.register.model import Binding, Register
from quotawatt.register.rows import KINDS

names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
instants = st.datetimes(timezones=st.just(UTC))
bindings = st.builds(Binding, device=names, asset=names, valid_from=instants, channel=names)
EXAMPLE = Register(**{kind: [record] for kind, record in EXAMPLES.items()})


@given(st.lists(bindings, unique_by=lambda b: (b.device, b.asset, b.channel, b.valid_from)))
def test_every_binding_is_found_by_its_own_key(held: list[Binding]) -> None:
    register = Register(bindings=held)
    keys = [address_key("bindings", binding) for binding in held]
    assert len(set(keys)) == len(held)
    assert [record_at(register, "bindings", key) for key in keys] == held


@given(bindings)
def test_a_key_needs_no_encoding_in_an_address(binding: Binding) -> None:
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,_~-")
    assert set(address_key("bindings", binding)) <= allowed


def test_keys_are_read_as_documented() -> None:
    assert address_key("headcounts", EXAMPLES["headcounts"]) == "ORG-7,in_post,2024-01-01"
    assert address_key("bindings", EXAMPLES["bindings"]) == "meter-00417,,,MTR-7,20231231T160000Z"
    of_devices = Binding("a/b,表", "M", datetime(2024, 1, 1, tzinfo=UTC))
    assert address_key("bindings", of_devices) == "a~2Fb~2C~E8~A1~A8,,,M,20240101T000000Z"


@pytest.mark.parametrize(
    "key", ["", "x", ",,,,", "a,b,c,d,e", "~,,,MTR-7,", "meter-00417,,,MTR-7,20231231T160001Z"]
)
def test_other_keys_lead_nowhere(key: str) -> None:
    with pytest.raises(NotFoundError, match=r"must be one of the register's bindings, got "):
        record_at(EXAMPLE, "bindings", key)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_example_that_is_found_by_its_key(kind: str) -> None:
    record = EXAMPLES[kind]
    assert record_at(EXAMPLE, kind, address_key(kind, record)) == record


def test_the_examples_together_are_a_register_without_faults() -> None:
    assert check_rows(rows_of(EXAMPLE)) == []


def test_a_tag_tells_contents_apart() -> None:
    meter = EXAMPLE.meters["MTR-7"]
    assert record_etag(meter) == record_etag(replace(meter))
    assert record_etag(meter) != record_etag(replace(meter, rated_power_kw=401.0))


@pytest.mark.parametrize(
    ("header", "expected"),
    [('"a"', True), ('"b", "a"', True), ("*", True), ('W/"a"', True), ('"b"', False), ("", False)],
)
def test_which_headers_name_a_tag(header: str, expected: bool) -> None:
    assert matches(header, '"a"') is expected
