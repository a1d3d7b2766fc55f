"""Under which clauses a case stands, each with its trust mark, in Chinese and English."""

from alerts.wording import MARKS, account_of
from quotawatt.errors import NotFoundError
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.rulebook.model import Citation, Rulebook, Text


def clauses_of(rule: Rule, subject: str, today: Rulebook, of_year: Rulebook) -> tuple[Text, ...]:
    """The rule's clause as of today, and as of the account's year that of its quota or target."""
    account, _ = account_of(subject)
    basis = of_year.quotas.get(account) or of_year.targets.get(account)
    lines = [clause_text(rule.cites, today)]
    if basis and basis.cites != rule.cites:
        lines.append(clause_text(basis.cites, of_year))
    return tuple(lines)


def clause_text(cites: Citation, rulebook: Rulebook) -> Text:
    """Instrument, number and clause with what it says; one that the book lacks by its ids alone."""
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
