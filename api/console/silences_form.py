"""The form of a silence: what its fields say, as the body that the API takes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.console.forms import filled
from api.silence_schemas import SilenceIn
from quotawatt.rulebook.alert_rules import SEVERITIES

PLAIN = (
    "kind",
    "rules",
    "assets",
    "organisations",
    "sites",
    "kinds",
    "starts_at",
    "ends_at",
    "comment",
    "days",
    "month_days",
    "working_days",
    "from",
    "until",
)
WEEKDAYS = range(1, 8)
CHECKS = ("recurs", *(f"severity.{s}" for s in SEVERITIES), *(f"weekday.{n}" for n in WEEKDAYS))
"""Boxes that send their name only where they are ticked."""

_LISTED = ("assets", "month_days", "working_days")
"""Fields of several words in one line."""

_BETWEEN = re.compile(r"[\s,;，、；]+")


@dataclass(frozen=True)
class SilenceFields:
    """The fields as they were filled in, every one of them; empty: not."""

    given: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.given.get(name, "")

    def words(self, name: str) -> list[str]:
        """A field's words; of a list to choose from, the one that was chosen."""
        text = self[name]
        words = _BETWEEN.split(text) if name in _LISTED else [text]
        return [word for word in words if word]

    def ticked(self, prefix: str, names: Sequence[object]) -> list[object]:
        """Which of the boxes that begin with ``prefix`` are ticked."""
        return [name for name in names if self[f"{prefix}.{name}"]]


def fields_of(form: Mapping[str, str]) -> SilenceFields:
    """What a form, or the address of an empty one, says; anything else in it is left out."""
    return SilenceFields({name: form.get(name, "").strip() for name in (*PLAIN, *CHECKS)})


def body_of(fields: SilenceFields, zone: ZoneInfo) -> SilenceIn:
    """The silence that the fields ask for; their times are local in ``zone``.

    Raises InputError with each rule that is broken.
    """
    matchers: dict[str, Any] = {
        name: fields.words(name) for name in ("rules", "assets", "organisations", "sites", "kinds")
    }
    matchers["severities"] = fields.ticked("severity", SEVERITIES)
    return filled(
        SilenceIn,
        {
            "kind": fields["kind"],
            "matchers": matchers,
            "starts_at": _with_zone(fields["starts_at"], zone),
            "ends_at": _with_zone(fields["ends_at"], zone) or " ",
            "recurrence": _recurrence(fields) if fields["recurs"] else "",
            "comment": fields["comment"] or " ",
        },
    )


def _recurrence(fields: SilenceFields) -> dict[str, Any]:
    given = {name: fields[name] for name in ("days", "from", "until") if fields[name]}
    listed = {name: fields.words(name) for name in ("month_days", "working_days")}
    return {**given, **listed, "weekdays": fields.ticked("weekday", WEEKDAYS)}


def _with_zone(text: str, zone: ZoneInfo) -> str:
    """A local time as an instant with its offset; what is none is left for the rule that refuses it."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return text
    return local.replace(tzinfo=zone).isoformat() if local.tzinfo is None else text
