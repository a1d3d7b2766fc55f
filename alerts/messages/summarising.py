"""From cases to what messages say of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from alerts.cases.model import Case
from alerts.messages.clauses import clauses_of
from alerts.messages.figures import figures_of, finding_sentence, value_of
from alerts.messages.impact import NOTHING_KNOWN, Impact
from alerts.messages.notes import Noted, note_text
from alerts.messages.summary import NOTHING, CaseSummary, Named
from alerts.messages.words import input_unit
from alerts.people.recipients import recipient_by_key
from alerts.people.telling import Telling
from alerts.places import zone_of
from alerts.wording import Context, both
from quotawatt.register.finding_texts import finding_texts
from quotawatt.rulebook.alert_rules import Source
from quotawatt.rulebook.basics import Text
from quotawatt.spans import local_date

FINDING = "finding:"
"""Begins the rule of a case that somebody made of a finding."""


def summarise(
    cases: Iterable[Case],
    telling: Telling,
    now: datetime,
    notes: Mapping[int, Noted] = MappingProxyType({}),
) -> dict[int, CaseSummary]:
    """What messages say of each case, by its number. Results are read once for all of them.

    notes
        What was said with the newest step of a case (``read_notes``).

    Raises StoreError where the series store fails.
    """
    cases = list(cases)
    impacts = telling.writing.impacts(cases)
    maker = _Maker(telling, notes, now)
    return {case.id: maker.summary(case, impacts.get(case.id, NOTHING_KNOWN)) for case in cases}


class _Maker:
    """Makes the summaries of one run; what many cases share is looked up once."""

    def __init__(self, telling: Telling, notes: Mapping[int, Noted], now: datetime) -> None:
        self._telling = telling
        self._notes = notes
        self._register = telling.register
        book = telling.writing.rulebook or telling.rulebook
        today = local_date(now, telling.zone)
        self._context = Context(telling.register, book, telling.zone, today)
        self._today = book.as_of(today)
        self._now = now
        self._name_of = cache(self._find_name)
        self._owner_of = cache(self._find_owner)
        self._clauses_of = cache(self._find_clauses)

    def summary(self, case: Case, impact: Impact) -> CaseSummary:
        zone = zone_of(self._register, case.asset, self._telling.zone)
        rule = self._today.rules.get(case.rule)
        plain = self._plain(case, impact, zone, NOTHING if rule is None else input_unit(rule))
        if rule is None:
            return _with_finding(plain, case, zone)
        return replace(
            plain,
            title=rule.title,
            value=value_of(case, rule),
            threshold=None if rule.source is Source.FINDINGS else rule.threshold,
            unit=plain.unit,
            figures=figures_of(
                case, rule, plain.asset.name, self._context.book_of(case.subject), zone
            ),
            clauses=self._clauses_of(case.rule, case.subject.partition("/")[2]),
            advice=rule.advice,
        )

    def _plain(self, case: Case, impact: Impact, zone: ZoneInfo, unit: Text) -> CaseSummary:
        """What hangs on no rule, but for the unit of its input."""
        noted = self._notes.get(case.id)
        building = str(getattr(self._register.assets.get(case.asset), "building", "") or "")
        return CaseSummary(
            number=case.id,
            rule=case.rule,
            title=Text(case.rule, case.rule),
            severity=case.severity,
            state=case.state.value,
            firing=case.firing,
            subject=case.subject,
            asset=self._name_of(case.asset) or Named(case.asset, Text(case.asset, case.asset)),
            building=self._name_of(building),
            site=self._name_of(case.site),
            organisation=self._name_of(case.organisation),
            owner=self._owner_of(case.assignee or case.owner, case.organisation),
            impact=impact,
            unit=unit,
            began_at=case.began_at,
            ended_at=case.clear_since or case.closed_at,
            note=note_text(noted, zone, unit) if noted else NOTHING,
            zone=zone.key,
            due_on=case.due_on,
            link=self._telling.writing.link_to(f"/cases/{case.id}"),
        )

    def _find_clauses(self, rule: str, account: str) -> tuple[Text, ...]:
        subject = f"/{account}"
        of_year = self._context.book_of(subject)
        return clauses_of(self._today.rules[rule], subject, self._today, of_year)

    def _find_name(self, code: str) -> Named | None:
        asset = self._register.assets.get(code)
        if asset is None:
            return Named(code, Text(code, code)) if code else None
        return Named(code, Text(asset.name_zh, asset.name_en or asset.name_zh))

    def _find_owner(self, key: str, organisation: str) -> Text:
        """Who answers for a case; where nobody is named, whom the organisation names."""
        found = recipient_by_key(self._telling.staff, key, self._now) if key else None
        if found is not None:
            return found.name
        held = self._register.organisations.get(organisation)
        if held is None:
            return Text("", "")
        return Text(held.owner_zh, held.owner_en or held.owner_zh)


def _with_finding(plain: CaseSummary, case: Case, zone: ZoneInfo) -> CaseSummary:
    """Of a case that was made of a finding, or whose rule is not in the book any more."""
    code = case.rule.removeprefix(FINDING)
    known = finding_texts().get(code)
    if known is None:
        return plain
    return replace(
        plain,
        title=both(lambda lang: known.title[lang]),
        figures=finding_sentence(code, case, plain.asset.name, zone),
        advice=both(lambda lang: known.action[lang]),
    )
