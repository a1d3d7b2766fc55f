"""What a step of a case says besides its name, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from api.console.case_people import People
from api.console.texts import Words
from quotawatt.formatting import significant

Detail = Mapping[str, Any]


class StepWords:
    """Says what steps say of themselves."""

    def __init__(self, words: Words, people: People) -> None:
        self._t = words
        self._people = people
        self._tellers: Mapping[str, Callable[[Detail], str]] = {
            "severity_raised": self._graded,
            "severity_lowered": self._graded,
            "assigned": self._assigned,
            "due_set": self._due,
            "overdue": lambda detail: str(detail.get("due_on", "")),
            "evidence_added": lambda detail: str(detail.get("name", "")),
            "explained": self._explained,
            "closed": self._closed,
            "reopened": self._why,
            "sent_back": self._why,
            "escalated": self._escalated,
            "owner_missing": self._missing,
            "undelivered": self._undelivered,
            "command": self._command,
        }

    def of(self, step: Mapping[str, Any]) -> str:
        """A few words; empty where there is nothing more to say."""
        teller = self._tellers.get(step["event"])
        return teller(step["detail"]) if teller else ""

    def notice_reason(self, reason: str) -> str:
        """Why somebody was not told, or not yet: ``silenced:12`` and its like."""
        kind, _, number = reason.partition(":")
        return self._t.known(f"notice_{kind}", reason).format(number=number)

    def _graded(self, detail: Detail) -> str:
        names = [self._t.known(f"severity_{detail.get(k)}", "") for k in ("from", "to")]
        return " → ".join(name for name in names if name)

    def _assigned(self, detail: Detail) -> str:
        return self._people.of(str(detail.get("to", "")))

    def _due(self, detail: Detail) -> str:
        return " → ".join(str(day) for day in (detail.get("from"), detail.get("to")) if day)

    def _explained(self, detail: Detail) -> str:
        return f"{significant(detail['amount'])} {detail['unit']}"

    def _closed(self, detail: Detail) -> str:
        how = self._t.known(f"case_closed_{detail.get('how')}", "")
        still = self._t("case_still_firing") if detail.get("still_firing") else ""
        return " · ".join(part for part in (how, still) if part)

    def _why(self, detail: Detail) -> str:
        return self._t.known(f"case_why_{detail.get('why')}", "")

    def _escalated(self, detail: Detail) -> str:
        names = (self._t.known(f"case_duty_{to}", str(to)) for to in detail.get("to", ()))
        return self._t("case_list_comma").join(names)

    def _missing(self, detail: Detail) -> str:
        duties = [str(gone.get("duty", "")) for gone in detail.get("gone", ())]
        gone = self._t("case_list_comma").join(
            self._t.known(f"case_duty_{duty}", duty) for duty in dict.fromkeys(duties)
        )
        instead = self._t("case_list_comma").join(
            self._people.of(key) for key in detail.get("instead", ())
        )
        return f"{gone} → {instead}" if instead else gone

    def _undelivered(self, detail: Detail) -> str:
        to = self._people.of(str(detail.get("recipient", "")))
        return f"{to} · {detail.get('channel', '')} · {detail.get('reason', '')}"

    def _command(self, detail: Detail) -> str:
        name = self._t.known(f"command_{detail.get('name')}", str(detail.get("name")))
        step = self._t.known(f"command_state_{detail.get('step')}", str(detail.get("step")))
        value = "" if detail.get("value") is None else f" {significant(detail['value'])}"
        return f"{name}{value} · {detail.get('device', '')} · {step}"
