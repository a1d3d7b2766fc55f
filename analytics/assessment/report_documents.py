"""A report's content as a document in one language; nothing else than the content is needed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from analytics.assessment.report_tables import (
    carbon_table,
    carrier_table,
    month_table,
    quota_table,
    ranking_table,
    rule_table,
    score_table,
    unit_table,
)
from analytics.assessment.report_texts import report_text
from analytics.assessment.wording import (
    day_name,
    figure,
    name_of,
    numbered,
    period_name,
)
from quotawatt.documents.model import (
    Block,
    Document,
    Heading,
    Language,
    Note,
    Paragraph,
    Seal,
)

Content = Mapping[str, Any]
Section = Callable[[Content, Language], list[Block]]


def report_document(
    content: Content, language: Language, number: str = "", issued_on: date | None = None
) -> Document:
    """The document of a report.

    number, issued_on
        Of the snapshot that was issued; without them the document says that it is a draft.
    """
    kind = content["report"]
    period = period_name(content["period"]["name"], language)
    blocks: list[Block] = []
    for count, (key, section) in enumerate(_SECTIONS[kind], start=1):
        blocks.append(Heading(numbered(count, report_text(key, language), language)))
        blocks += section(content, language)
    blocks += _closing(content, language, issued_on)
    return Document(
        language=language,
        title=report_text(f"title_{kind}", language, period=period),
        number=report_text("number", language, number=number)
        if number
        else report_text("draft", language),
        blocks=tuple(blocks),
    )


def _closing(content: Content, language: Language, issued_on: date | None) -> Iterable[Block]:
    """Notes, and the seal line of what was issued."""
    keys = ["note_coverage"]
    if content["report"] != "publication":
        keys += ["note_ranks", "note_trust"]
    yield from (Note(report_text(key, language)) for key in keys)
    if issued_on is not None:
        day = day_name(issued_on, language)
        if content.get("late"):
            yield Note(report_text("late", language, day=day))
        yield Seal(name_of(content["issuer"], language), day, report_text("seal", language))


def _overall(content: Content, language: Language) -> list[Block]:
    period = content["period"]
    return [
        Paragraph(
            report_text(
                "overall_text",
                language,
                first=day_name(date.fromisoformat(period["first"]), language),
                last=day_name(date.fromisoformat(period["last"]), language),
                name=name_of(content["issuer"], language),
                count=len(content["organisations"]),
                energy=_energy(content, language),
            )
        ),
        carrier_table(content["totals"], language),
    ]


def _energy(content: Content, language: Language) -> str:
    whole, factor_set = content["organisations"][0], content["factor_set"]
    if whole["kgce"] is None or factor_set is None:
        return report_text("energy_unknown", language)
    basis = {"等价": "equivalent", "当量": "calorific"}.get(factor_set["electricity"])
    change = whole["kgce_change_pct"]
    words = ""
    if change is not None:
        key = "rose" if change > 0 else "fell"
        words = report_text(key, language, percent=figure(abs(change), 1))
    return report_text(
        "energy_text",
        language,
        tce=figure(whole["kgce"] / 1000, 2),
        change=words,
        factor_set=factor_set["title"][language],
        electricity=report_text(basis, language) if basis else "—",
    )


def _units(content: Content, language: Language) -> list[Block]:
    return [unit_table(content["organisations"], language)]


def _months(content: Content, language: Language) -> list[Block]:
    return [month_table(content["months"], language)]


def _quotas(content: Content, language: Language) -> list[Block]:
    rows = content["quotas"]
    if not rows:
        return [Paragraph(report_text("quotas_none", language))]
    over = sum(row["standing"] == "over_constraint" for row in rows)
    likely = sum((row["projected_share_pct"] or row["share_pct"]) > 100 for row in rows)
    text = report_text("quotas_text", language, count=len(rows), over=over, likely=likely)
    return [Paragraph(text), quota_table(rows, language)]


def _carbon(content: Content, language: Language) -> list[Block]:
    rows = content["carbon"]
    if not rows:
        return [Paragraph(report_text("carbon_none", language))]
    return [carbon_table(rows, language)]


def _rankings(content: Content, language: Language) -> list[Block]:
    blocks: list[Block] = []
    for ranking in content["rankings"]:
        blocks.append(ranking_table(ranking, language))
        if ranking["ranked"] < ranking["least_peers"]:
            least = ranking["least_peers"]
            blocks.append(Note(report_text("ranking_few", language, least=least)))
    return blocks


def _scores(content: Content, language: Language) -> list[Block]:
    blocks: list[Block] = []
    for row in content["scores"]:
        grade = row["grade"]
        text = report_text(
            "score_text",
            language,
            name=name_of(row, language),
            points=figure(row["points"], 1),
            grade=grade["title"][language] if grade else report_text("grade_open", language),
            known=figure(row["known_pct"]),
        )
        blocks += [Paragraph(text), score_table(row, language)]
    return blocks or [Paragraph(report_text("scores_none", language))]


def _alerts(content: Content, language: Language) -> list[Block]:
    alerts, findings = content["alerts"], content["findings"]
    text = report_text(
        "findings_text",
        language,
        raised=alerts["raised"],
        firing=alerts["firing"],
        open=findings["open"],
    )
    table = [rule_table(alerts["rules"], language)] if alerts["rules"] else []
    return [Paragraph(text), *table]


_SECTIONS: Mapping[str, tuple[tuple[str, Section], ...]] = {
    "circular": (
        ("overall", _overall),
        ("units", _units),
        ("quotas", _quotas),
        ("carbon", _carbon),
        ("rankings", _rankings),
        ("findings", _alerts),
    ),
    "publication": (("overall", _overall), ("units", _units)),
    "analysis": (
        ("overall", _overall),
        ("months", _months),
        ("units", _units),
        ("quotas", _quotas),
        ("carbon", _carbon),
        ("rankings", _rankings),
        ("scores", _scores),
        ("findings", _alerts),
    ),
}
