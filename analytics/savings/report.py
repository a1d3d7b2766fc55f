"""A savings report as a document in one language, from its content alone (see ``contents``)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from analytics.savings.report_tables import (
    NONE,
    event_table,
    figure,
    fit_table,
    model_name,
    month_table,
    period_days,
    settlement_table,
    uncertainty_table,
)
from analytics.savings.report_texts import savings_text
from quotawatt.documents.model import (
    Block,
    Document,
    Heading,
    Language,
    Note,
    Paragraph,
    Signatures,
)
from quotawatt.register.finding_texts import finding_words

Content = Mapping[str, Any]
Section = Callable[[Content, Language], Iterable[Block]]

_NUMERALS = "一二三四五六七八九十"
_REPORTED_LEVEL = 0.9


def savings_document(content: Content, language: Language, number: str = "") -> Document:
    """The report.

    content
        As ``contents.savings_content`` makes it; with ``contract`` and ``settlement`` where it was reckoned
        under a contract.
    number
        Of the verification; empty: the report says that it is not verified.
    """
    blocks: list[Block] = []
    sections = [(key, section) for key, section in _SECTIONS if _is_in(content, key)]
    for count, (key, section) in enumerate(sections):
        text = savings_text(key, language)
        numbered = f"{_NUMERALS[count]}、{text}" if language == "zh" else f"{count + 1}. {text}"
        blocks += [Heading(numbered), *section(content, language)]
    key = "number" if number else "draft"
    return Document(
        language=language,
        title=savings_text("title", language, name=_name(content, language)),
        number=savings_text(key, language, number=number),
        blocks=[*blocks, *_closing(content, language)],
    )


def _is_in(content: Content, key: str) -> bool:
    needed = {"normal": "normal_year", "contract": "contract", "uncertainty": "residuals"}
    return key not in needed or content.get(needed[key]) is not None


def _name(content: Content, language: str) -> str:
    return str(content["name"].get(language) or content["subject"])


def _result(content: Content, language: Language) -> Iterable[Block]:
    total, unit = content["total"], content["unit"]
    is_saved = (total["savings"] or 0) > 0
    yield Paragraph(
        savings_text(
            "saved" if is_saved else "not_saved",
            language,
            **period_days(content["reporting"], language),
            unit=unit,
            adjusted=figure(total["adjusted"]),
            actual=figure(total["actual"]),
            savings=figure(total["savings"]),
            more=figure(-(total["savings"] or 0.0)),
            percent=figure(total["savings_pct"], 1),
        )
    )
    yield from (Paragraph(text) for text in _certainty(content, language))


def _certainty(content: Content, language: Language) -> Iterable[str]:
    if content["residuals"] is None:
        yield savings_text("not_uncertain", language)
        return
    bands = {band["level"]: band for band in content["uncertainty"]}
    band = bands[_REPORTED_LEVEL]
    yield savings_text(
        "between",
        language,
        level=figure(100 * _REPORTED_LEVEL),
        low=figure(band["low"]),
        high=figure(band["high"]),
        unit=content["unit"],
    )
    fsu = bands[0.68]["fsu_pct"]
    if fsu is None:
        yield savings_text("nothing_accepted", language)
        return
    key = "accepted" if content["accepted"] else "not_accepted"
    limit = figure(content["accepted_fsu_pct"])
    yield savings_text(key, language, fsu=figure(fsu, 1), limit=limit)
    key = "beyond_drift" if content["total"]["savings"] > band["with_drift"] else "within_drift"
    yield savings_text(key, language, drift=figure(band["with_drift"]), unit=content["unit"])


def _contract(content: Content, language: Language) -> Iterable[Block]:
    contract, settled = content["contract"], content["settlement"]
    days = {"first_day": contract["valid_from"], "last_day": contract["last_day"]}
    yield Paragraph(
        savings_text(
            "contract_text",
            language,
            **period_days(days, language),
            title=contract["title"],
            kind=savings_text(f"kind_{contract['kind']}", language),
            client=contract["client"],
            provider=contract["provider"],
            document=contract["document"] or NONE,
        )
    )
    if settled["saved_cny"] is None:
        yield Paragraph(savings_text("worth_unknown", language))
    yield settlement_table(settled, content["unit"], language)


def _baseline(content: Content, language: Language) -> Iterable[Block]:
    model = content["model"]
    if model is None:
        yield Paragraph(savings_text("agreed_text", language))
        return
    low, high = model["temperature_c"] or (None, None)
    yield Paragraph(
        savings_text(
            "baseline_text",
            language,
            **period_days(content["baseline"], language),
            kind=model_name(model["kind"], language),
            n=figure(model["n"]),
            coverage=figure(100 * (model["coverage"] or 0.0), 1),
            low=figure(low, 1),
            high=figure(high, 1),
        )
    )
    yield fit_table(model, language)
    calibration = model["calibration"]
    yield Note(
        savings_text(
            "calibration",
            language,
            slope=figure(calibration["slope"], 4),
            a_day=f"{calibration['a_day']:+,.2f}",
            unit=content["unit"],
        )
    )


def _months(content: Content, language: Language) -> Iterable[Block]:
    total = content["total"]
    yield month_table(content, language)
    yield Note(
        savings_text(
            "note_sums",
            language,
            days=figure(total["days"], 1),
            coverage=figure(100 * (total["coverage"] or 0.0), 1),
        )
    )


def _uncertainty(content: Content, language: Language) -> Iterable[Block]:
    residuals = content["residuals"]
    yield uncertainty_table(content, language)
    yield Paragraph(
        savings_text(
            "formula",
            language,
            n=figure(residuals["n"]),
            p=figure(residuals["p"]),
            rho=figure(residuals["correlation"], 2),
            effective=figure(residuals["effective_n"], 1),
            cv=figure(residuals["cv_rmse_pct"], 1),
            interval=savings_text(f"by_{residuals['interval']}", language),
        )
    )
    yield Note(savings_text("formula_source", language))
    yield Note(savings_text("drift", language, drift=figure(content["model"]["drift_pct"])))


def _events(content: Content, language: Language) -> Iterable[Block]:
    if not content["events"]:
        yield Paragraph(savings_text("events_none", language))
        return
    yield event_table(content["events"], content["unit"], language)


def _normal(content: Content, language: Language) -> Iterable[Block]:
    normal = content["normal_year"]
    yield Paragraph(
        savings_text(
            "normal_text",
            language,
            years=", ".join(str(year["year"]) for year in normal["years"]),
            unit=content["unit"],
            before=figure(normal["before"]),
            after=figure(normal["after"]),
            savings=figure(normal["savings"]),
            percent=figure(normal["savings_pct"], 1),
            width=figure(normal["half_widths"][f"{_REPORTED_LEVEL:g}"]),
        )
    )


def _findings(content: Content, language: Language) -> Iterable[Block]:
    zone, name = ZoneInfo(content["zone"]), _name(content, language)
    for finding in content["findings"]:
        words = finding_words(finding["code"], name, finding["detail"], language, zone)
        yield Paragraph(f"{words['title']}{'：' if language == 'zh' else ': '}{words['sentence']}")
    if not content["findings"]:
        yield Paragraph(savings_text("findings_none", language))


def _closing(content: Content, language: Language) -> Iterable[Block]:
    yield Note(savings_text("note_method", language))
    keys = ("sign_client", "sign_provider", "sign_checked", "sign_date")
    yield Signatures([savings_text(key, language) for key in keys])


_SECTIONS: tuple[tuple[str, Section], ...] = (
    ("result", _result),
    ("contract", _contract),
    ("baseline", _baseline),
    ("months", _months),
    ("uncertainty", _uncertainty),
    ("events", _events),
    ("normal", _normal),
    ("findings", _findings),
)
