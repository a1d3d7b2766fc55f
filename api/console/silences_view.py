"""What the pages of silences show: what each is about in words, its choices, and who may end it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException

from alerts.cases.policy import FINDING_PREFIX
from alerts.people.silences import Silence, SilenceState
from api.access import Permit
from api.console.forms import Choice, organisation_choices
from api.console.texts import Words
from api.params import today_of
from api.services import Services
from api.silences import require_reach
from quotawatt.errors import NotFoundError
from quotawatt.register.finding_texts import finding_texts
from quotawatt.register.rows import CODED
from quotawatt.rulebook.alert_rules import SEVERITIES

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Choices:
    """What a silence may be about: the rules of the book, findings apart from them, and places in reach."""

    rules: Sequence[Choice]
    findings: Sequence[Choice]
    organisations: Sequence[Choice]
    sites: Sequence[Choice]
    kinds: Sequence[Choice]
    severities: Sequence[str] = SEVERITIES[::-1]


class SilenceNames:
    """What rules, assets and kinds are called, in the reader's language."""

    def __init__(self, services: Services, words: Words) -> None:
        self._register = services.register_source()
        self._rules = services.rulebook.as_of(today_of(services)).rules
        self._words = words

    def rule(self, name: str) -> str:
        """A rule's or finding's title; the name itself where there is none any more."""
        language = self._words.language
        if name.startswith(FINDING_PREFIX):
            text = finding_texts().get(name.removeprefix(FINDING_PREFIX))
            return name if text is None else text.title[language]
        found = self._rules.get(name)
        return name if found is None else found.title.in_language(language)

    def asset(self, code: str) -> str:
        """An asset's name; its code where the register does not have it any more."""
        found = self._register.assets.get(code)
        return code if found is None else self._words.name(found) or code

    def subject(self, case: Row) -> str:
        """What a case is about: the subject's asset."""
        return self.asset(case["subject"].partition("/")[0])

    def about(self, matchers: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
        """What a silence is about: the key of each heading, and its words in one line."""
        between = "、" if self._words.language == "zh" else ", "
        return [
            (_heading(name), between.join(self._word(name, word) for word in found))
            for name, found in matchers.items()
            if found
        ]

    def rules(self) -> list[Choice]:
        """The rules of the book by title."""
        return _by_label(Choice(name, self.rule(name)) for name in self._rules)

    def findings(self) -> list[Choice]:
        """The findings that a case may be made of, by title."""
        codes = (f"{FINDING_PREFIX}{code}" for code in finding_texts())
        return _by_label(Choice(code, self.rule(code)) for code in codes)

    def kind(self, name: str) -> str:
        """A kind of the register."""
        return self._words(f"part_{name}")

    def _word(self, name: str, word: str) -> str:
        if name == "rules":
            return self.rule(word)
        if name == "severities":
            return self._words(f"severity_{word}")
        return self.kind(word) if name == "kinds" else self.asset(word)


def choices_of(permit: Permit, names: SilenceNames, words: Words) -> Choices:
    """What the holder of this permit may choose from."""
    register = permit.register
    sites = (Choice(code, words.name(site)) for code, site in register.sites.items())
    return Choices(
        rules=names.rules(),
        findings=names.findings(),
        organisations=organisation_choices(register, words),
        sites=_by_label(sites),
        kinds=[Choice(kind, names.kind(kind)) for kind in CODED],
    )


def may_end(silence: Silence, acting: Permit | None, services: Services) -> bool:
    """Whether it is not over, and everything that it names is the reader's to silence."""
    if acting is None or silence.state(services.clock()) is SilenceState.EXPIRED:
        return False
    try:
        require_reach(acting, silence.matchers, services.register_source())
    except (NotFoundError, HTTPException):
        return False
    return True


def _heading(name: str) -> str:
    """Key of what a matcher is called where it is read; its form asks for the codes of assets."""
    return "silence_asset" if name == "assets" else f"silence_{name}"


def _by_label(choices: Iterable[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda choice: (choice.label, choice.value))
