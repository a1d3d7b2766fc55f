"""Changing a case as somebody saw it: locked, in the version that they name, told and counted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from alerts.cases.book import read_case
from alerts.cases.counting import count_steps
from alerts.cases.model import Act, Case, Step
from api.access import Permit
from api.case_answers import case_answer
from api.cases import case_context, case_within_reach
from api.register_keys import matches
from api.services import Services
from api.tagging import require_if_match

Deed = Callable[[Connection, Case, Act], Step]


class CaseDesk:
    """One request to change one case, as somebody saw it."""

    def __init__(
        self, services: Services, permit: Permit, number: int, if_match: str | None
    ) -> None:
        self._services = services
        self._permit = permit
        self._number = number
        self._if_match = if_match

    def do(self, deed: Deed, comment: str = "") -> dict[str, Any]:
        """Do it, and answer with the case as it is then."""
        return self.do_all([deed], comment)

    def do_all(self, deeds: Sequence[Deed], comment: str = "") -> dict[str, Any]:
        """Do several things, all or none; the comment is that of the first."""
        services = self._services
        act = Act(self._permit.actor, services.clock(), comment)
        with services.records.begin() as conn:
            case = self.seen(conn)
            steps = [
                deed(conn, case, act if n == 0 else replace(act, comment=""))
                for n, deed in enumerate(deeds)
            ]
            services.alerts.tell(conn, steps, act.at)
            count_steps(conn, steps, case_context(services))
            # Telling may have found that nobody answers for it, which is a step of its own.
            case = read_case(conn, case.id)
            return case_answer(conn, case, services)

    def seen(self, conn: Connection) -> Case:
        """The case, locked, in the version that the request names; answers 412 for another one."""
        case = case_within_reach(conn, self._permit, self._number, lock=True)
        wanted = require_if_match(self._if_match)
        if not matches(wanted, f'"{case.version}"'):
            raise HTTPException(
                412, f'If-Match must name the present version, "{case.version}", got {wanted}'
            )
        return case
