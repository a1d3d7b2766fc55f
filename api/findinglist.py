"""Findings as people and programs read them: rows of the record store with names and words."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case

from quotawatt.register.finding_texts import SEVERITIES, finding_words
from quotawatt.register.model import Register
from quotawatt.storage.tables import findings

_LANGUAGES = ("zh", "en")


def finding_item(row: Mapping[str, Any], register: Register, zone: ZoneInfo) -> dict[str, Any]:
    """A row with its subject's and organisation's names and its words, in both languages.

    Instants in the words are those of the subject's site, else of ``zone``.
    """
    subject = str(row["subject"])
    there = register.zone_of_asset(subject) or zone
    names = {language: named(register, subject, language) for language in _LANGUAGES}
    words = {
        language: finding_words(row["code"], names[language], row["detail"], language, there)
        for language in _LANGUAGES
    }
    organisation = register.organisations.get(row["organisation"] or "")
    return {
        **row,
        "name": names,
        "organisation_name": None
        if organisation is None
        else {"zh": organisation.name_zh, "en": organisation.name_en},
        **{
            part: {language: words[language][part] for language in _LANGUAGES}
            for part in ("title", "sentence", "action")
        },
    }


def named(register: Register, subject: str, language: str) -> str:
    """Name and code of an asset, with what follows the code; anything else as it is."""
    code, slash, rest = subject.partition("/")
    asset = register.assets.get(code)
    if asset is None:
        return subject
    name = asset.name_zh if language == "zh" else asset.name_en or asset.name_zh
    return f"{name} {code}{slash}{rest}"


def by_importance() -> list[ColumnElement[Any]]:
    """The gravest first, of these by organisation, the longest standing first."""
    rank = case({name: n for n, name in enumerate(SEVERITIES)}, value=findings.c.severity, else_=9)
    return [rank, findings.c.organisation, findings.c.first_seen, findings.c.code, findings.c.id]
