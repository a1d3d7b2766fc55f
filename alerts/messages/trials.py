"""Tests of templates as data: cases in, lines that the messages must hold out.

A file ``cases/*.yaml`` beside the templates is a list of trials: ``name``, ``at`` (an instant), ``cases``
(the fields of ``CaseSummary``, and ``events``), and under ``expect`` by form and language (``text.zh``) the
lines. ``recipient`` {zh, en}, ``zone`` and ``link`` may be given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from alerts.messages.rendering import made_in
from alerts.messages.summary import CaseSummary
from alerts.messages.templates import FORMS, LANGUAGES, SHIPPED, Templates
from alerts.messages.viewing import Entry, Page, entries_of
from quotawatt.errors import TemplateError
from quotawatt.rulebook.basics import Text

FOLDER = "cases"

_TEXTS = tuple(f"{form}.{language}" for form in FORMS for language in LANGUAGES)
_SUMMARY: TypeAdapter[CaseSummary] = TypeAdapter(CaseSummary)


class Trial(BaseModel):
    """One trial as it stands in its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    at: Annotated[datetime, Field(description="UTC")]
    cases: Annotated[list[dict[str, Any]], Field(min_length=1)]
    expect: dict[str, list[str]] = Field(default_factory=dict)
    recipient: Text = Text("", "")
    zone: str = "Asia/Shanghai"
    link: str = ""

    def entries(self) -> list[Entry]:
        """The cases with what there is to tell of them. Raises ValueError that names what is wrong."""
        told: list[tuple[int, str]] = []
        summaries: dict[int, CaseSummary] = {}
        for given in self.cases:
            values = dict(given)
            events = values.pop("events", ["opened"])
            summary = _SUMMARY.validate_python(values)
            unknown = sorted(_strangers(values, asdict(summary)))
            if unknown:
                raise ValueError(f"a case must have known fields, got {', '.join(unknown)}")
            summaries[summary.number] = summary
            told += [(summary.number, str(event)) for event in events]
        return entries_of(told, summaries)

    def page(self) -> Page:
        """What the message is about, apart from its cases."""
        return Page(self.recipient, self.at, ZoneInfo(self.zone), self.link)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial; ``failure`` is empty where all is well. ``place`` is ``FILE:LINE``."""

    place: str
    name: str
    failure: str = ""


def run_trials(templates: Templates, folder: Path | None = None) -> list[Outcome]:
    """Every trial of a folder of templates (None: the shipped one), and what came of it."""
    files = sorted(((folder or SHIPPED) / FOLDER).glob("*.yaml"))
    return [outcome for path in files for outcome in _outcomes(templates, path)]


def trials_of(path: Path) -> Iterator[tuple[str, Trial | str]]:
    """The trials of a file with their places; a text says what is wrong with one."""
    try:
        text = path.read_text(encoding="utf-8")
        node, given = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        yield path.name, f"a file of trials must be YAML, got {error}"
        return
    if not isinstance(node, yaml.SequenceNode):
        yield path.name, f"a file of trials must be a list, got {type(given).__name__}"
        return
    for item, values in zip(node.value, given, strict=True):
        place = f"{path.name}:{item.start_mark.line + 1}"
        try:
            yield place, Trial.model_validate(values)
        except ValidationError as error:
            yield place, _said(error)


def _strangers(given: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """Names that a value has no field for, at any depth."""
    for name, value in given.items():
        if name not in known:
            yield str(name)
        elif isinstance(value, dict) and isinstance(known[name], dict):
            yield from (f"{name}.{inner}" for inner in _strangers(value, known[name]))


def _outcomes(templates: Templates, path: Path) -> Iterator[Outcome]:
    for place, trial in trials_of(path):
        if isinstance(trial, str):
            yield Outcome(place, "", trial)
        else:
            yield Outcome(place, trial.name, _failure(templates, trial))


def _failure(templates: Templates, trial: Trial) -> str:
    try:
        entries, page = trial.entries(), trial.page()
    except ValidationError as error:
        return _said(error)
    except (ValueError, LookupError) as error:
        return str(error)
    wrong: list[str] = []
    for text, lines in trial.expect.items():
        wrong += _missing(templates, text, lines, entries, page)
    return "; ".join(wrong)


def _missing(
    templates: Templates, text: str, lines: list[str], entries: list[Entry], page: Page
) -> Iterator[str]:
    if text not in _TEXTS:
        yield f"an expectation must be of one of {', '.join(_TEXTS)}, got {text}"
        return
    form, language = text.split(".")
    try:
        made = made_in((form,), language, entries, page, templates)
    except TemplateError as error:
        yield str(error)
        return
    found = made.view.title if form == "title" else made.texts[form]
    held = [_plain(line) for line in found.splitlines() if line.strip()]
    for line in lines:
        if _plain(line) not in held:
            yield f"{text} must hold the line {_plain(line)!r}, got {held}"


def _plain(line: str) -> str:
    """A line with single blanks: those that do not break count as others do."""
    return " ".join(line.split())


def _said(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}, got {one['input']!r}"
        for one in error.errors()
    )


def samples_of(templates: Templates) -> list[Trial]:
    """The trials that are right, those of one's own first: what templates are shown with without a case."""
    folders = [*([templates.own] if templates.own else []), SHIPPED]
    files = [path for folder in folders for path in sorted((folder / FOLDER).glob("*.yaml"))]
    return [one for path in files for _, one in trials_of(path) if isinstance(one, Trial)]
