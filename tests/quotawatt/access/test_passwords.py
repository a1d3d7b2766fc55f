"""Passwords: which are refused, and their hashes."""

import pytest
from argon2 import extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from quotawatt.access.passwords import (
    LANES,
    LEAST_CHARACTERS,
    MEMORY_KIB,
    PASSES,
    Passwords,
    require_good_password,
)
from quotawatt.errors import InputError
from tests.quotawatt.access.people import QUICK

GOOD = [
    "seven green lanterns at dusk",
    "春江花月夜何处春江无月明",
    "my password is long and odd",
    "Tz9#qLm2vRx7Bw",
    "sunshine over the harbour wall",
]
BAD = [
    "",
    "short",
    "elevenchars",
    "aaaaaaaaaaaaaaaa",
    "abababababababab",
    "password1234",
    "P@ssw0rd2024!",
    "Administrator1",
    "123456789012",
    "qwertyuiop12",
    "0987654321ab",
    "abcdefghijkl",
    "quotawatt2024",
    "wang.fang2024!",
    "密码密码管理员管理员abc1",
    "1qaz2wsx3edc",
]


@pytest.mark.parametrize("password", GOOD)
def test_sentences_and_random_signs_are_taken(password: str) -> None:
    require_good_password(password, "wang.fang")
    assert QUICK.matches(QUICK.hashed(password), password)


@pytest.mark.parametrize("password", BAD)
def test_short_common_and_named_ones_are_refused_without_being_repeated(password: str) -> None:
    with pytest.raises(InputError, match=r"a password must .*, got ") as refused:
        require_good_password(password, "wang.fang")
    assert not password or password not in str(refused.value)


def test_one_that_is_too_long_is_refused_before_it_costs_anything() -> None:
    with pytest.raises(InputError, match="12 to 256 characters, got 257"):
        require_good_password("abcdefg " * 32 + "x", "user")
    assert not QUICK.matches(QUICK.hashed("x" * 256), "x" * 257)


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_taken_or_refused_and_never_crashes(password: str, user: str) -> None:
    try:
        require_good_password(password, user)
    except InputError:
        return
    assert len(password) >= LEAST_CHARACTERS or len(password.encode()) > LEAST_CHARACTERS


@settings(max_examples=20)
@given(st.text(max_size=40), st.text(max_size=40))
def test_only_what_was_hashed_matches(password: str, other: str) -> None:
    hashed = QUICK.hashed(password)
    assert QUICK.matches(hashed, password)
    assert QUICK.hashed(password) != hashed
    if QUICK.hashed(other) and other.casefold() != password.casefold():
        assert QUICK.matches(hashed, other) is (_same(other, password))


def _same(one: str, other: str) -> bool:
    import unicodedata

    return unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)


def test_the_hashes_are_argon2id_with_the_documented_cost() -> None:
    parameters = extract_parameters(Passwords().hashed("seven green lanterns"))
    assert parameters.type.name == "ID"
    found = (parameters.memory_cost, parameters.time_cost, parameters.parallelism)
    assert found == (MEMORY_KIB, PASSES, LANES) == (65_536, 3, 4)


def test_no_hash_and_a_broken_one_match_nothing() -> None:
    assert not QUICK.matches("", "nobody")
    assert not QUICK.matches("not a hash", "anything")


def test_a_hash_of_other_parameters_is_outdated() -> None:
    assert QUICK.outdated(Passwords(memory_kib=128, passes=1).hashed("seven green lanterns"))
    assert not QUICK.outdated(QUICK.hashed("seven green lanterns"))
