"""Rules for vehicles read as words: every check, parameter and word has its own in both languages."""

from quotawatt.app.rulebook_values import value_lines
from quotawatt.app.texts_rulebook import key_text
from quotawatt.app.texts_vehicle_rules import WORDS
from quotawatt.rulebook.vehicle_rules import PARAMETERS, Check, Word


def test_everything_that_a_rule_can_say_has_words() -> None:
    kinds = [kind for named in PARAMETERS.values() for kind in named.values()]
    words = {word for kind in kinds if isinstance(kind, Word) for word in kind.words}
    names = {name for named in PARAMETERS.values() for name in named}
    for said in {*words, *names, *Check} - {Check.IDLE}:
        chinese = key_text(said, "zh")
        assert chinese != said
        assert not chinese.isascii()
        assert key_text(said, "en").strip()
    assert all(zh and en for zh, en in WORDS.values())


def test_parameters_are_lines_with_numbers_times_and_words() -> None:
    values = {
        "check": "not_home_overnight",
        "parameters": {"from": "23:00:00", "site_metres": 300.0, "with_order": "counted"},
    }
    assert list(value_lines(values, "en")) == [
        "Check: not back overnight",
        "Parameters:",
        "  from: 23:00",
        "  metres from the site: 300",
        "  under an order: counted",
    ]
