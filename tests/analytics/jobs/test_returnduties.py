"""Returns that are late as findings, from what was done with them in the record store."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from analytics.jobs.returnduties import RETURN_OVERDUE, overdue_findings
from quotawatt.register.finding_texts import finding_words
from quotawatt.register.model import Headcount, Organisation, Register
from quotawatt.returns import process
from quotawatt.returns.book import Act, Return
from quotawatt.returns.periods import Period
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.storage.records import open_records

ZONE = ZoneInfo("Asia/Shanghai")
BOOK = load_rulebook()
Q1 = Period(2023, 1)
FORM = process.form_for(BOOK, "energy-statistics", Q1)
ORGANISATIONS = [Organisation(c, f"{c}局", c, "party_government", "city") for c in "AB"]
REGISTER = Register(
    organisations=ORGANISATIONS,
    headcounts=[Headcount(code, "in_post", 40, date(2020, 1, 1)) for code in "AB"],
)
IN_TIME = datetime(2023, 4, 10, tzinfo=UTC)
LI, WANG = Act("li", IN_TIME), Act("wang", IN_TIME, "see November")


def submitted(conn: Connection) -> Return:
    kept = process.fill_return(conn, FORM, "A", Q1, {}, LI)
    return process.submit(conn, kept.id, [], LI)


def test_late_from_the_day_after_and_again_when_sent_back(tmp_path: Path) -> None:
    records = open_records("sqlite", tmp_path)

    def late(day: int) -> list[tuple[str, object]]:
        now = datetime(2023, 4, day, 4, tzinfo=UTC)
        found = overdue_findings(records, REGISTER, BOOK, now, ZONE)
        assert {f.code for f in found} <= {RETURN_OVERDUE}
        return [(f.subject, f.detail["days"]) for f in found]

    assert late(20) == []  # nobody has handed in anything: returns are not collected here
    with records.begin() as conn:
        number = submitted(conn).id
    assert (late(15), late(16), late(18)) == ([], [("B", 1)], [("B", 3)])
    with records.begin() as conn:
        process.send_back(conn, number, WANG)
    assert late(16) == [("A", 1), ("B", 1)]
    with records.begin() as conn:
        process.submit(conn, number, [], LI)
        process.accept(conn, number, FORM, ORGANISATIONS[0], WANG)
        process.reopen(conn, number, WANG)
    assert late(16) == [("B", 1)]  # its snapshot stands
    (one,) = overdue_findings(records, REGISTER, BOOK, IN_TIME + timedelta(days=8), ZONE)
    said = finding_words(one.code, "B局", one.detail, "zh", ZONE)["sentence"]
    records.dispose()
    assert "B局 的 2023-Q1 期统计报表应于 2023-04-15（含）前报送，已逾期 3 天" in said
