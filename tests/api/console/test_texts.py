"""The console's words: complete in both languages, and every one that a template asks for exists."""

import re
from collections.abc import Iterable
from string import Formatter

from analytics.carbon.emissions import Scope
from api.console.drawing import HERE
from api.console.texts import TEXTS
from quotawatt.access.roles import Permission
from quotawatt.rulebook.model import Tier, Trust
from tests.api.scene import shipped_rulebook


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same() -> None:
    for key, (zh, en) in TEXTS.items():
        assert zh, key
        assert en, key
        assert _placeholders(zh) == _placeholders(en), key


def test_every_word_of_the_templates_exists_and_every_text_is_used() -> None:
    templates = "\n".join(f.read_text() for f in (HERE / "templates").glob("*.html"))
    modules = (f for f in HERE.glob("*.py") if not f.name.startswith("texts"))
    code = "\n".join(f.read_text() for f in modules)
    asked = set(re.findall(r"\bt\('([a-z_0-9]+)'[,)]", templates))
    assert asked <= set(TEXTS)
    # Texts that are asked for by the beginning of their keys, and what follows it.
    beginnings = set(re.findall(r"'([a-z_]+_)' ~", templates))
    beginnings |= set(re.findall(r'"([a-z_]+_)(?:\{|")', code))
    unused = [
        key
        for key in TEXTS
        if f"'{key}'" not in templates
        and f'"{key}"' not in code
        and not any(key.startswith(beginning) for beginning in beginnings)
    ]
    assert unused == []


def test_whatever_the_rulebook_holds_can_be_said() -> None:
    names_by_prefix: dict[str, Iterable[str]] = {
        "trust_": Trust,
        "tier_": Tier,
        "scope_": Scope,
        "severity_": {r.severity for r in shipped_rulebook().rules.values()},
        "may_": {permission.name.lower() for permission in Permission},
        "denominator_": {i.denominator for i in shipped_rulebook().indicators.values()},
    }
    for prefix, names in names_by_prefix.items():
        for name in names:
            assert f"{prefix}{name}" in TEXTS
