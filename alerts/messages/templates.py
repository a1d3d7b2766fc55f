"""Templates of messages: the shipped ones, and those of one's own that stand in for them one by one.

A template is a file ``FORM.LANGUAGE.j2`` (Jinja2, sandboxed). It sees one name, ``message``
(``alerts.messages.views``), and may import the shared macros of ``macros.j2`` and ``macros.html.j2``. All
templates are checked when they are loaded: what a template names must exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateRuntimeError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from alerts.messages.views import CaseView, GroupView, MessageView
from quotawatt.errors import TemplateError

SHIPPED = Path(__file__).parents[1] / "templates"

FORMS = ("title", "text", "html", "markdown", "short")
"""What a message is made in: its line of title, plain text, mail, chat, and SMS."""

ONE_LINE = ("title", "short")
"""Forms that become one line with plain blanks, whatever the template's lines."""

LANGUAGES = ("zh", "en")

MACROS = ("macros.j2", "macros.html.j2")

NAMES = tuple(f"{form}.{language}.j2" for form in FORMS for language in LANGUAGES)
"""Files that a folder of templates may hold beside ``MACROS``."""

# What a template can run into over a value; the first is what the sandbox and strict names raise.
_FAILURES = (TemplateRuntimeError, TypeError, ValueError, ArithmeticError, LookupError)

_ESCAPED = "_*`[]<>#|~"


_VIEWS = (MessageView, GroupView, CaseView)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which does not look twice at what is meant to be read: a digest reads it often."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Fields of views are; of all else Jinja decides."""
        if type(obj) in _VIEWS:
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


@dataclass(frozen=True, slots=True)
class Templates:
    """Templates that were checked. ``own`` is the folder of one's own; None: the shipped ones alone."""

    environment: Environment
    own: Path | None = None

    def render(self, form: str, language: str, message: MessageView) -> str:
        """A message in one form (``FORMS``) and language, without blanks at its ends.

        Raises TemplateError where a template asks for what the sandbox forbids or fails over a value.
        """
        name = f"{form}.{language}.j2"
        try:
            text = self.environment.get_template(name).render(message=message).strip()
        except _FAILURES as error:
            raise TemplateError([f"{name}: a template must render, got {error}"]) from None
        return " ".join(text.split()) if form in ONE_LINE else text

    def source(self, name: str) -> tuple[str, Path]:
        """The text of a template and the file that it is from. Raises TemplateError for any other name."""
        if name not in (*NAMES, *MACROS):
            raise TemplateError([f"a template must be one of {', '.join(NAMES)}, got {name}"])
        path = next(folder / name for folder in self._folders() if (folder / name).is_file())
        return path.read_text(encoding="utf-8"), path

    def _folders(self) -> Iterator[Path]:
        if self.own is not None:
            yield self.own
        yield SHIPPED


def environment(own: Path | None = None) -> Environment:
    """What templates are loaded by: sandboxed, strict about names, HTML escaped, ``md`` for chat."""
    loaders: list[BaseLoader] = [FileSystemLoader(SHIPPED)]
    if own is not None:
        loaders.insert(0, FileSystemLoader(own))
    found = _Sandbox(
        loader=ChoiceLoader(loaders),
        autoescape=_is_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters["md"] = escape_markdown
    return found


def escape_markdown(text: object) -> str:
    """A text in which chats see no mark-up: names of assets may hold any sign."""
    return "".join(f"\\{sign}" if sign in _ESCAPED else sign for sign in str(text))


def _is_html(name: str | None) -> bool:
    return name is not None and ("html" in name.split("."))


@cache
def shipped_templates() -> Templates:
    """The shipped templates alone."""
    return Templates(environment())
