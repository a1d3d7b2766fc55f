"""What people read of a finding: how grave it is, what it says, what to do. In Chinese and English.

The words stand in ``finding_texts.yaml``. A sentence takes its figures from the evidence by name:
``{count}``; ``{subject_name}`` is the asset's name and code, or the subject as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from string import Formatter
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from quotawatt.register.finding_words import in_words

SEVERITIES = ("critical", "warning", "info")
"""From the gravest on: act today, act this week, good to know."""

NONE = "–"

# The one in C knows the same tags and reads the words in a fiftieth of the time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class FindingText:
    """The words of one code by language (``zh``, ``en``): title, a sentence with the evidence, what to do.

    fades_days
        Of what is reported again and again while it lasts: not seen for so long it is over. None: it stays.
    """

    severity: str
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    action: Mapping[str, str]
    fades_days: int | None = None


@cache
def finding_texts() -> Mapping[str, FindingText]:
    """The words of every code."""
    raw = files("quotawatt.register").joinpath("finding_texts.yaml").read_text(encoding="utf-8")
    return MappingProxyType(
        {code: FindingText(**words) for code, words in yaml.load(raw, _LOADER).items()}
    )


def severity_of(code: str) -> str:
    """How grave a finding of this code is; ``warning`` where the code has no words."""
    text = finding_texts().get(code)
    return "warning" if text is None else text.severity


def finding_words(
    code: str, subject_name: str, detail: Mapping[str, Any], language: str, zone: ZoneInfo
) -> dict[str, str]:
    """``title``, ``sentence`` and ``action`` of one finding; instants are those of ``zone``.

    A code without words is its own title, with the evidence as it is for a sentence.
    """
    text = finding_texts().get(code)
    values = {name: _shown(value, language, zone) for name, value in detail.items()}
    values["account"] = values.get("quota") or values.get("target") or NONE
    if text is None:
        values.pop("account")
        evidence = ", ".join(f"{name}={value}" for name, value in values.items())
        return {"title": code, "sentence": f"{subject_name}: {evidence}", "action": ""}
    sentence = _Filler().vformat(
        text.sentence[language], (), {**values, "subject_name": subject_name}
    )
    return {
        "title": text.title[language],
        "sentence": sentence,
        "action": text.action[language],
    }


def _shown(value: Any, language: str, zone: ZoneInfo) -> str:
    """A piece of evidence in words: instants to the minute, numbers without noise, identifiers by name."""
    if value is None or value == "":
        return NONE
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return in_words(str(value), language)
    return str(value) if instant.tzinfo is None else f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


class _Filler(Formatter):
    """Fills in what there is; a figure that a finding lacks shows as a dash."""

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """The figure of this name."""
        return kwargs.get(str(key), NONE)
