from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.said import MOST_PARTS, Said, clipped, parts, said
from tests.alerts.channels.bodies import body

WORDS = Said("zh", "题", "", "", "", "", "https://example.org/cases")


def test_a_message_of_the_older_version_is_said_in_the_language_asked_for() -> None:
    old = {
        "version": 1,
        "zh": {"title": "告警", "text": "主楼"},
        "en": {"title": "Alert", "text": "A"},
    }
    assert said(old, "en") == Said("en", "Alert", "A", "", "A", "Alert", "")
    assert said(old).title == "告警"


def test_a_form_without_words_of_its_own_is_the_text() -> None:
    words = said(body(markdown="", short=""))
    assert words.markdown == words.text
    assert words.short == words.title


@given(st.lists(st.text("字a ", max_size=30), min_size=1, max_size=40), st.integers(120, 400))
def test_parts_fit_their_limit_and_lose_no_line_unsaid(lines: list[str], limit: int) -> None:
    text = "\n".join(lines)
    pieces = parts(text, limit, WORDS)
    assert len(pieces) <= MOST_PARTS
    assert all(len(piece.encode()) <= limit for piece in pieces)
    if "其余" not in pieces[-1]:
        assert "\n".join(pieces) == text
    else:
        shown = "\n".join(pieces).split("\n")[:-1]
        assert shown == lines[: len(shown)]
        assert f"其余 {len(lines) - len(shown)} 行" in pieces[-1]
        assert pieces[-1].endswith(WORDS.link)


@given(st.text(), st.integers(3, 40))
def test_clipping_keeps_whole_characters(text: str, limit: int) -> None:
    cut = clipped(text, limit)
    assert len(cut.encode()) <= limit
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))
