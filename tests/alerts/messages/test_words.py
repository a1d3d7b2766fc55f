"""Every event, state and severity has its words."""

from alerts.cases.model import CaseEvent, CaseState
from alerts.messages.words import EVENT_WORDS, SEVERITY_WORDS, STATE_WORDS, word_of
from quotawatt.rulebook.alert_rules import SEVERITIES


def test_everything_that_can_be_told_has_words() -> None:
    assert set(EVENT_WORDS) == set(CaseEvent)
    assert set(STATE_WORDS) == set(CaseState)
    assert set(SEVERITY_WORDS) == set(SEVERITIES)


def test_what_has_no_word_stands_for_itself() -> None:
    assert word_of(EVENT_WORDS, "unheard_of").zh == "unheard_of"
