"""What every part of a message stands on: what it is made from, trust marks, both languages at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook, Text, Trust

Evidence = Mapping[str, float | str]

MARKS: Mapping[Trust, Text] = {
    Trust.SOURCE: Text("", ""),
    Trust.SECONDARY: Text("［未核实：二手来源］", " [unverified: secondary source]"),
    Trust.UNVERIFIED: Text("［未核实］", " [unverified]"),
    Trust.INVENTED: Text("［演示虚构］", " [invented for the demo]"),
}


@dataclass(frozen=True, slots=True)
class Context:
    """What messages are made from.

    rulebook
        The whole book: what was in force when depends on the account.
    zone
        That of assets without a site.
    today
        Local day of the message.
    """

    register: Register
    rulebook: Rulebook
    zone: ZoneInfo
    today: date

    def book_of(self, subject: str) -> Rulebook:
        """The book that an account is judged by: of the last day of its year that is over; else today's."""
        _, year = account_of(subject)
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            return self.rulebook.as_of(self.today)
        return self.rulebook.as_of(min(self.today, date(int(year), 12, 31)))


def account_of(subject: str) -> tuple[str, str]:
    """Quota or target, and year, of ``ASSET/ID/YEAR``; both empty for any other subject."""
    _, _, rest = subject.partition("/")
    account, _, year = rest.rpartition("/")
    return account, year


def both(of: Callable[[str], str]) -> Text:
    """A text of what is made for ``zh`` and for ``en``."""
    return Text(of("zh"), of("en"))


def labelled(zh: str, en: str, text: Text) -> Text:
    """A line: a word, and what it is about."""
    return Text(f"{zh}：{text.zh}", f"{en}: {text.en}")


def local_time(instant: datetime, zone: ZoneInfo) -> str:
    """An instant (UTC) as people of the zone read it, to the minute, the zone named."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
