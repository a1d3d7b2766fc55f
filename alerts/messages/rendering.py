"""A bundle of notices as the message that a channel takes: plain JSON of version 2."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from alerts.channels.base import ChannelKind
from alerts.messages.bundled import Bundled
from alerts.messages.casejson import case_json
from alerts.messages.summary import CaseSummary
from alerts.messages.templates import Templates, shipped_templates
from alerts.messages.viewing import Entry, Page, entries_of, message_view
from alerts.messages.views import MessageView
from alerts.people.recipients import Recipient
from alerts.people.telling import Telling
from quotawatt.errors import TemplateError
from quotawatt.rulebook.basics import Text

log = logging.getLogger(__name__)

VERSION = 2

_CHATS = (ChannelKind.DINGTALK, ChannelKind.WECOM, ChannelKind.FEISHU, ChannelKind.APPRISE)

FORMS_OF: Mapping[str, tuple[str, ...]] = {
    ChannelKind.EMAIL: ("text", "html"),
    ChannelKind.SMS: ("short",),
    **dict.fromkeys(_CHATS, ("text", "markdown", "short")),
}
"""What a channel's messages are made in, beside the title; those of any other in text and short."""

_OTHERS = ("text", "short")

_ALL_FORMS = ("text", "html", "markdown", "short")


def render(
    bundle: Bundled,
    cases: Mapping[int, CaseSummary],
    recipient: Recipient | None,
    channel_kind: str,
    telling: Telling,
    now: datetime,
) -> dict[str, Any]:
    """The message of a bundle for a channel of this kind, as plain JSON.

    ``version`` 2, ``key``, ``language``, ``kind`` (``single`` or ``digest``), ``title``, ``text``, ``html``,
    ``markdown``, ``short``, ``link``, ``cases``. Forms that such a channel does not take are empty. Each case
    stands there once, the gravest first (``case_json``).

    cases
        At least those of the bundle's notices, as ``summarise`` makes them.
    recipient
        Who it is for; None: a channel that is nobody's own, or somebody who is gone.
    """
    entries = entries_of(((n.case, n.event) for n in bundle.notices), cases)
    language = "zh" if recipient is None else recipient.language
    own = recipient is not None and not recipient.key.startswith("channel:")
    name = recipient.name if recipient is not None and own else Text("", "")
    page = Page(name, now, telling.zone, telling.writing.link_to("/cases"))
    forms = FORMS_OF.get(channel_kind, _OTHERS)
    made = made_in(forms, language, entries, page, telling.writing.templates)
    return {
        "version": VERSION,
        "key": bundle.key,
        "language": language,
        "kind": made.view.kind,
        "title": made.view.title,
        **{form: made.texts.get(form, "") for form in _ALL_FORMS},
        "link": made.view.link,
        "cases": [case_json(entry, language, brief=len(entries) > 1) for entry in entries],
    }


@dataclass(frozen=True, slots=True)
class Made:
    """A message: what templates saw, its title included, and its texts by form."""

    view: MessageView
    texts: Mapping[str, str]


def made_in(
    forms: Sequence[str], language: str, entries: Sequence[Entry], page: Page, templates: Templates
) -> Made:
    """A message in these forms (``FORMS``) and one language.

    Where a template of one's own fails over what this message holds, the shipped one stands in, and the log
    says so: what people have to know does not wait for a template.
    """
    view = message_view(entries, page, language)
    view = replace(view, title=_text("title", language, view, templates))
    return Made(view, {form: _text(form, language, view, templates) for form in forms})


def _text(form: str, language: str, view: MessageView, templates: Templates) -> str:
    try:
        return templates.render(form, language, view)
    except TemplateError as error:
        if templates.own is None:
            raise
        log.warning("the shipped template stands in: %s", error)
        return shipped_templates().render(form, language, view)
