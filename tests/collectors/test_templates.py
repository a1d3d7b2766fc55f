"""Templates of names."""

import pytest

from collectors.templates import compile_template, text_of
from quotawatt.errors import InputError


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{com_port}/{module}", "3/5"),
        ("{deviceInfo.devEui}", "24e1"),
        ("{channel}:x", "c:x"),
        ("plain", "plain"),
        ("", ""),
        ("{padded}", "A 1"),
        ("{absent}", None),
        ("{deviceInfo}", None),
        ("{list.1}", "true"),
    ],
)
def test_fill(template: str, filled: str | None) -> None:
    node = {
        "com_port": 3, "module": 5, "deviceInfo": {"devEui": "24e1"}, "padded": " A 1\n",
        "channel": "not this", "list": [0, True],
    }  # fmt: skip
    assert compile_template(template).fill(node, {"channel": "c"}) == filled


@pytest.mark.parametrize("template", ["{", "a}", "{}", "{a..b}", "{a[]}", "{a*}", "{{a}}"])
def test_wrong_templates(template: str) -> None:
    with pytest.raises(InputError):
        compile_template(template)


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (1, "1"), (1.5, "1.5"), (True, "true"), (False, "false"), (None, None), ([], None),
     ({}, None), (10**400, None), (2.0, "2"),
     (-0.0, "0"), (1e20, "1e+20")],
)  # fmt: skip
def test_text_of(value: object, text: str | None) -> None:
    assert text_of(value) == text
