"""What an alert says, in Chinese and English: who, how much, since when, under which clause, what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from alerts.figures import figures_line
from alerts.places import organisation_of, zone_of
from alerts.transition import AlertState
from alerts.wording import MARKS, Context, Evidence, account_of, both, labelled, local_time
from quotawatt.errors import NotFoundError
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Citation, Rule, Rulebook, Text

_EVENTS: Mapping[str, Text] = {
    "firing": Text("告警", "Alert"),
    "resolved": Text("解除", "Resolved"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A title of one line and a text of several, in both languages."""

    title: Text
    text: Text


def compose(
    event: str, rule: Rule, subject: str, state: AlertState, evidence: Evidence, context: Context
) -> Message:
    """The message of an alert that is ``firing`` or ``resolved``."""
    asset = subject.partition("/")[0]
    name = _name(context.register, asset)
    zone = zone_of(context.register, asset, context.zone)
    title = both(
        lambda lang: (
            f"[{_EVENTS[event].in_language(lang)}] {rule.title.in_language(lang)}"
            f"{'：' if lang == 'zh' else ': '}{name.in_language(lang)}"
        )
    )
    lines = (
        _where(context.register, asset, name),
        figures_line(rule, subject, state, evidence, context),
        *_times(state, zone),
        *_clauses(rule, subject, context),
        labelled("建议", "Advice", rule.advice),
    )
    return Message(title, both(lambda lang: "\n".join(t.in_language(lang) for t in lines)))


def _name(register: Register, code: str) -> Text:
    asset = register.assets.get(code)
    return Text(asset.name_zh, asset.name_en) if asset else Text(code, code)


def _where(register: Register, code: str, name: Text) -> Text:
    organisation = organisation_of(register, code)
    zh, en = f"{name.zh}（{code}）", f"{name.en} ({code})"
    if organisation is not None and organisation.code != code:
        zh, en = f"{zh}，{organisation.name_zh}", f"{en}, {organisation.name_en}"
    if organisation is not None and organisation.owner_zh:
        zh = f"{zh}；责任人：{organisation.owner_zh}"
    if organisation is not None and organisation.owner_en:
        en = f"{en}; owner: {organisation.owner_en}"
    return labelled("对象", "Subject", Text(zh, en))


def _times(state: AlertState, zone: ZoneInfo) -> Sequence[Text]:
    lines = []
    if state.pending_since is not None:
        since = local_time(state.pending_since, zone)
        lines.append(labelled("起始", "Since", Text(since, since)))
    if state.resolved_at is not None:
        until = local_time(state.resolved_at, zone)
        lines.append(labelled("解除", "Resolved", Text(until, until)))
    return lines


def _clauses(rule: Rule, subject: str, context: Context) -> Sequence[Text]:
    """The rule's clause as of today, and as of the account's year that of the quota or target."""
    account, _ = account_of(subject)
    book = context.book_of(subject)
    basis = book.quotas.get(account) or book.targets.get(account)
    lines = [_clause(rule.cites, context.rulebook.as_of(context.today))]
    if basis and basis.cites != rule.cites:
        lines.append(_clause(basis.cites, book))
    return [labelled("依据", "Under", line) for line in lines]


def _clause(cites: Citation, rulebook: Rulebook) -> Text:
    try:
        instrument, clause = rulebook.clause(cites)
    except NotFoundError:
        return Text(f"{cites.instrument} {cites.clause}", f"{cites.instrument} {cites.clause}")
    mark = MARKS[clause.trust]
    title = instrument.title
    number = "" if instrument.number == title.zh else instrument.number
    return Text(
        f"《{title.zh}》{f'（{number}）' if number else ''}{clause.name.zh}：{clause.text.zh}{mark.zh}",
        f"{title.en}{f' ({number})' if number else ''}, {clause.name.en}:"
        f" {clause.text.en}{mark.en}",
    )
