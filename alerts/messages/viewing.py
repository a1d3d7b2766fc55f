"""From summaries to what templates name: the texts of one message in one language."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.cases.model import CaseState
from alerts.messages.impact_texts import impact_texts, totals_text
from alerts.messages.summary import CaseSummary, Named
from alerts.messages.views import CaseView, GroupView, MessageView
from alerts.messages.words import (
    EVENT_WORDS,
    NOTICE,
    NOTICE_WORDS,
    SEVERITY_WORDS,
    STATE_WORDS,
    word_of,
)
from alerts.wording import local_time
from quotawatt.formatting import percent, significant
from quotawatt.rulebook.alert_rules import SEVERITIES
from quotawatt.rulebook.basics import Text

DETAILED_AT_MOST = 1000
"""More cases in one message are listed without their figures: a mail of 10,000 stays below 10 MB."""

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_ORDER = {event: rank for rank, event in enumerate(EVENT_WORDS)}


@dataclass(frozen=True, slots=True)
class Entry:
    """A case in a message, and what there is to tell of it, in order."""

    summary: CaseSummary
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What a message is about, apart from its cases."""

    recipient: Text
    made_at: datetime
    zone: ZoneInfo
    link: str


def entries_of(
    told: Iterable[tuple[int, str]], summaries: Mapping[int, CaseSummary]
) -> list[Entry]:
    """(case, event) of notices as entries, one a case, the gravest first."""
    events: dict[int, dict[str, None]] = {}
    for number, event in told:
        events.setdefault(number, {})[event] = None
    found = [Entry(summaries[number], tuple(names)) for number, names in events.items()]
    return sorted(found, key=lambda entry: _gravity(entry.summary))


def _gravity(summary: CaseSummary) -> tuple[int, float, int]:
    """Sorts the gravest first: by severity, by coal equivalent that is too much, by number."""
    return (-_RANK.get(summary.severity, -1), -(summary.impact.kgce or 0.0), summary.number)


def message_view(entries: Sequence[Entry], page: Page, lang: str, title: str = "") -> MessageView:
    """All that templates can name, of at least one entry."""
    views = tuple(case_view(entry, lang) for entry in entries)
    sites = {view.site for view in views}
    return MessageView(
        kind="single" if len(views) == 1 else "digest",
        title=title,
        recipient=page.recipient.in_language(lang),
        site=sites.pop() if len(sites) == 1 else "",
        count=len(views),
        counts=counts_text(entries, lang),
        severities=_severities(entries, lang),
        totals=totals_text([entry.summary.impact for entry in entries], lang),
        brief=len(views) > DETAILED_AT_MOST,
        made_at=local_time(page.made_at, page.zone),
        link=views[0].link if len(views) == 1 else page.link,
        case=views[0],
        cases=views,
        groups=_groups(entries, views, lang),
    )


def _groups(
    entries: Sequence[Entry], views: Sequence[CaseView], lang: str
) -> tuple[GroupView, ...]:
    """Cases by site and rule, in the order of the gravest of each."""
    places: dict[tuple[str, str], list[int]] = {}
    for place, entry in enumerate(entries):
        site = entry.summary.site.code if entry.summary.site else ""
        places.setdefault((site, entry.summary.rule), []).append(place)
    return tuple(
        _group([entries[n] for n in some], tuple(views[n] for n in some), lang)
        for some in places.values()
    )


def _group(entries: Sequence[Entry], views: tuple[CaseView, ...], lang: str) -> GroupView:
    first = views[0]
    clauses = dict.fromkeys(clause for view in views for clause in view.clauses)
    return GroupView(
        site=first.site,
        rule=first.rule,
        title=first.title,
        severity=first.severity,
        severity_word=first.severity_word,
        count=len(views),
        counts=counts_text(entries, lang),
        clauses=tuple(clauses),
        advice=next((view.advice for view in views if view.advice), ""),
        cases=views,
    )


def counts_text(entries: Iterable[Entry], lang: str) -> str:
    """How many cases each event is told of: "3 new, 1 raised, 2 closed"."""
    counts = Counter(event for entry in entries for event in entry.events)
    known = sorted(counts, key=lambda event: _ORDER.get(event, len(_ORDER)))
    return _counted(((counts[event], word_of(EVENT_WORDS, event)) for event in known), lang)


def _severities(entries: Iterable[Entry], lang: str) -> str:
    counts = Counter(entry.summary.severity for entry in entries)
    known = sorted(counts, key=lambda severity: -_RANK.get(severity, -1))
    return _counted(((counts[one], word_of(SEVERITY_WORDS, one)) for one in known), lang)


def _counted(counts: Iterable[tuple[int, Text]], lang: str) -> str:
    if lang == "zh":
        return "、".join(f"{word.zh} {count} 件" for count, word in counts)
    return ", ".join(f"{count} {word.en}" for count, word in counts)


def case_view(entry: Entry, lang: str) -> CaseView:
    """An entry in one language."""
    case = entry.summary
    zone = ZoneInfo(case.zone)
    impact = impact_texts(case.impact, lang)
    unit = case.unit.in_language(lang)
    to_do = case.state in _ANSWERS
    return CaseView(
        number=case.number,
        rule=case.rule,
        title=case.title.in_language(lang),
        severity=case.severity,
        severity_word=word_of(SEVERITY_WORDS, case.severity).in_language(lang),
        state=case.state,
        state_word=word_of(STATE_WORDS, case.state).in_language(lang),
        firing=case.firing,
        events=_events(entry, lang),
        notice=NOTICE_WORDS.get(entry.events[-1], NOTICE).in_language(lang),
        code=case.asset.code,
        asset=_name(case.asset, lang),
        building=_name(case.building, lang),
        site=_name(case.site, lang),
        organisation=_name(case.organisation, lang),
        owner=case.owner.in_language(lang),
        place=_place(case, lang),
        value=_with_unit(case.value, unit),
        limit=_with_unit(case.threshold, unit),
        figures=case.figures.in_language(lang).rstrip("。."),
        impact=impact.sentence,
        amount=impact.amount,
        coal=impact.coal,
        share=impact.share,
        cost=impact.cost,
        carbon=impact.carbon,
        note=case.note.in_language(lang),
        since=local_time(case.began_at, zone),
        until=local_time(case.ended_at, zone) if case.ended_at else "",
        clauses=tuple(clause.in_language(lang) for clause in case.clauses),
        advice=case.advice.in_language(lang) if to_do else "",
        due=case.due_on.isoformat() if case.due_on and to_do else "",
        link=case.link,
        answer=_answer(case, lang),
    )


def _events(entry: Entry, lang: str) -> str:
    words = (word_of(EVENT_WORDS, event).in_language(lang) for event in entry.events)
    return ("、" if lang == "zh" else ", ").join(words)


def _name(named: Named | None, lang: str) -> str:
    return named.name.in_language(lang) if named else ""


def _place(case: CaseSummary, lang: str) -> str:
    """The asset with its code, then building, site and organisation as far as they are others."""
    code = case.asset.code
    above = {
        one.code: _name(one, lang)
        for one in (case.building, case.site, case.organisation)
        if one is not None and one.code != code
    }
    name = _name(case.asset, lang)
    if lang == "zh":
        return "，".join((f"{name}（{code}）", *above.values()))
    return ", ".join((f"{name} ({code})", *above.values()))


def _with_unit(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return percent(value) if unit == "%" else f"{significant(value)} {unit}".rstrip()


def _answer(case: CaseSummary, lang: str) -> str:
    """How to take it up; empty where nothing is left to do."""
    wanted = _ANSWERS.get(case.state)
    if wanted is None:
        return ""
    text = wanted.in_language(lang)
    if case.link:
        return f"{text}：{case.link}" if lang == "zh" else f"{text}: {case.link}"
    where = Text(f"系统中第 {case.number} 号事项", f"case {case.number} in the console")
    return f"{text}（{where.zh}）" if lang == "zh" else f"{text} ({where.en})"


_ANSWERS: Mapping[str, Text] = {
    CaseState.OPEN.value: Text("请签收并填报整改措施", "Acknowledge it and say what is done"),
    CaseState.ACKNOWLEDGED.value: Text(
        "请按期完成整改并申请办结", "Put it right and propose closing"
    ),
    CaseState.PROPOSED.value: Text("待核验办结", "Waits to be verified"),
}
