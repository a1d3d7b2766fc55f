"""Reports as documents, in both languages, from their content alone."""

import json
from datetime import date
from string import Formatter

import pytest

from analytics.assessment.contents import BUILDERS, build
from analytics.assessment.gathered import AlertCount, Gathered
from analytics.assessment.ranking import rank_peers
from analytics.assessment.report_documents import report_document
from analytics.assessment.report_texts import _TEXTS
from analytics.assessment.scoring import Facts, score
from analytics.assessment.wording import share
from quotawatt.documents.html import to_html
from quotawatt.errors import InputError, NotFoundError
from tests.analytics.assessment.small import BOOK, PER_AREA, YEAR, books, register_of, used

REGISTER = register_of()
NOW = used(TOP=210_000, A=60_000, B=40_000, C=80_000, D=30_000)
BEFORE = used(TOP=200_000, A=50_000)


@pytest.fixture(scope="module")
def gathered() -> Gathered:
    held, before = books(REGISTER), books(REGISTER, YEAR.before)
    return Gathered(
        held,
        before,
        NOW,
        BEFORE,
        rankings=rank_peers(PER_AREA, NOW, BEFORE, held, before),
        scores=[score(BOOK.schemes["annual-targets"], "A", Facts(coverage=1.0))],
        alerts=[AlertCount("a", "quota-exhausted", raised=True, firing=False)],
        months={("TOP", "electricity_import_kwh"): [17_500.0] * 11 + [None]},
    )


@pytest.mark.parametrize("kind", BUILDERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_survives_being_kept_and_prints_what_it_says(
    gathered: Gathered, kind: str, language: str
) -> None:
    content = build(kind, gathered, "TOP", REGISTER)
    kept = json.loads(json.dumps(content))
    assert kept == content
    page = to_html(report_document(kept, language, "n-1", date(2024, 1, 5)))  # type: ignore[arg-type]
    assert "None" not in page
    assert "n-1" in page
    issuer = "上级" if language == "zh" else "Top"
    assert page.rindex(issuer) > page.rindex("</table>")  # it stands at the seal too
    assert ("（盖章）" if language == "zh" else "(seal)") in page


def test_the_figures_of_the_year_by_hand(gathered: Gathered) -> None:
    # 210,000 kWh x 0.31 = 65,100 kgce = 65.10 tce; a year before 62,000: +5.0 %.
    page = to_html(report_document(build("circular", gathered, "TOP", REGISTER), "zh"))
    assert "综合能耗65.10吨标准煤，同比上升5.0%" in page
    assert "电力按等价值折算" in page
    assert "（未发布）" in page
    # A: 60 kWh/m², third of four; 20 % more than a year before.
    assert "60.00" in page
    assert "+20.0 %" in page


def test_late_reports_say_so(gathered: Gathered) -> None:
    content = {**build("circular", gathered, "TOP", REGISTER), "late": True}
    assert "补发" in to_html(report_document(content, "zh", "n-1", date(2024, 3, 9)))


def test_what_cannot_be_built_is_refused(gathered: Gathered) -> None:
    with pytest.raises(InputError, match="must be one of circular, publication, analysis, got 'x'"):
        build("x", gathered, "TOP", REGISTER)
    with pytest.raises(NotFoundError, match="must be of an organisation of the register, got 'X'"):
        build("circular", gathered, "X", REGISTER)


def test_nearly_all_is_never_printed_as_all() -> None:
    assert (share(0.99999), share(1.0), share(None)) == ("99.9 %", "100.0 %", "—")


@pytest.mark.parametrize("key", sorted(_TEXTS))
def test_both_languages_are_filled_in_with_the_same(key: str) -> None:
    zh, en = ({name for _, name, _, _ in Formatter().parse(t) if name} for t in _TEXTS[key])
    assert zh == en or key == "month"
