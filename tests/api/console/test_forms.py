"""What forms have in common: reading them, refusals in the reader's language, lists of organisations."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.console.forms import filled, lead_back, organisation_choices, refusal_of
from api.console.texts import Words
from api.console.texts_refusals import RULES_ZH
from api.pool_schemas import MatchIn, OfferIn
from quotawatt.errors import InputError, RegisterError, StateError
from quotawatt.register.model import Organisation, Register

ROOT = Path(__file__).parents[3]
ZH, EN = Words("zh"), Words("en")


def test_an_empty_field_is_as_if_it_was_not_sent() -> None:
    offer = filled(OfferIn, {"asset": "A-1", "term": "lend", "lend_until": "", "location": ""})
    assert (offer.lend_until, offer.location) == (None, "")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "x"}, "organisation: Field required"),
        ({"organisation": "A", "kind": "x", "quantity": "many"}, "quantity: Input should be"),
        ({"organisation": "A", "kind": "x", "price": "1"}, "price: Extra inputs"),
    ],
)
def test_what_breaks_a_rule_is_named(fields: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        filled(MatchIn, fields)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=6))
def test_no_form_breaks_the_reading(fields: dict[str, str]) -> None:
    with pytest.raises(InputError):
        filled(OfferIn, {**fields, "term": "no term"})


def test_refusals_in_the_readers_language() -> None:
    known = StateError("an offer must be open to be asked for, got withdrawn")
    assert refusal_of(known, ZH).words == "该资产已不接受申请。"
    assert refusal_of(known, ZH).detail == ""
    assert refusal_of(known, EN).words.startswith("An offer must be open")
    assert refusal_of(known, EN).status == 409
    unknown = InputError("a thing must be so, got other")
    refusal = refusal_of(unknown, ZH)
    assert (refusal.words, refusal.detail, refusal.status) == (
        "填写的内容不符合要求。",
        str(unknown),
        422,
    )
    assert refusal_of(RegisterError(["one", "two"]), ZH).words == "one；two"


def _patterns() -> list[re.Pattern[str]]:
    """What the code's texts may say up to the value, with anything where they are filled in."""
    found = set()
    for file in (f for part in ("alerts", "api", "quotawatt") for f in (ROOT / part).rglob("*.py")):
        source = file.read_text()
        if "RULES_ZH: Mapping" in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(_literal(part) or "\0" for part in node.values))
            elif text := _literal(node):
                found.add(text)
    rules = {text.partition(", got ")[0] for text in found if len(text.replace("\0", "")) > 10}
    return [re.compile(".+".join(map(re.escape, rule.split("\0")))) for rule in sorted(rules)]


def _literal(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_every_rule_that_has_chinese_words_is_a_rule_of_the_code() -> None:
    patterns = _patterns()
    assert [rule for rule in RULES_ZH if not any(p.fullmatch(rule) for p in patterns)] == []


def test_a_form_leads_back_within_the_console_only() -> None:
    answer = lead_back("/findings", {"back": "state=open&next=//evil.test"}, done="accepted")
    assert answer.headers["location"] == ("/findings?state=open&next=%2F%2Fevil.test&done=accepted")
    assert lead_back("/pool", {}).headers["location"] == "/pool"


def test_organisations_stand_below_their_regions() -> None:
    register = Register(
        organisations=[
            Organisation("C", "丙", "C", "party_government", "city", "A"),
            Organisation("A", "甲", "A", "party_government", "city"),
            Organisation("B", "乙", "B", "party_government", "city", "gone"),
        ]
    )
    choices = organisation_choices(register, ZH)
    assert [(c.value, c.label, c.depth) for c in choices] == [
        ("A", "甲", 0),
        ("C", "丙", 1),
        ("B", "乙", 0),
    ]
