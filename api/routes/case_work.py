"""Work on cases: every act is one step, by somebody who may, on the version that they saw."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from sqlalchemy import Connection

from alerts.cases import acts
from alerts.cases.assigning import require_assignee
from alerts.cases.book import read_case
from alerts.cases.findings import open_from_finding
from alerts.cases.model import Act, Case, Step
from alerts.cases.policy import after_working_days
from alerts.people.accounts import read_accounts
from alerts.people.recipients import Staff
from alerts.wording import account_of
from api.access import Permit, needs
from api.accounts import require_account_holder
from api.budgets import instant_in, read_budget
from api.case_answers import case_answer
from api.case_desk import CaseDesk
from api.case_schemas import (
    AccountExplanationIn,
    AssignmentIn,
    CaseOut,
    CommentIn,
    DueIn,
    WordsIn,
)
from api.cases import case_context
from api.importing import Upload
from api.params import Given, zone_of_subject
from api.responses import problems
from api.services import Services
from api.tagging import IfMatch
from api.uploading import FORM, uploaded_file
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.explanations import book
from quotawatt.explanations.values import Overrun
from quotawatt.hand.documents import document_of
from quotawatt.register.findings_decisions import read_finding
from quotawatt.spans import local_date

router = APIRouter(tags=["cases"], responses=problems(412, 428))

Officer = Annotated[Permit, needs(Permission.ALERTS_ACT)]
Decider = Annotated[Permit, needs(Permission.CASES_DECIDE)]
Explainer = Annotated[Permit, needs(Permission.QUOTAS_WRITE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the case")]


async def _uploaded(request: Request, permit: Officer) -> Upload:
    return await uploaded_file(request)


@router.post("/cases/{number}/acknowledge", response_model=CaseOut)
def acknowledge_case(
    services: Given, permit: Officer, number: Number, body: CommentIn, if_match: IfMatch = None
) -> dict[str, Any]:
    """Take a case up."""
    desk = CaseDesk(services, permit, number, if_match)
    return desk.do(lambda conn, case, act: acts.acknowledge(conn, case.id, act), body.comment)


@router.post("/cases/{number}/assign", response_model=CaseOut)
def assign_case(
    services: Given, permit: Decider, number: Number, body: AssignmentIn, if_match: IfMatch = None
) -> dict[str, Any]:
    """Give a case to an account or to who holds a duty; who has left or may not act is refused by name."""

    def assign(conn: Connection, case: Case, act: Act) -> Step:
        context = case_context(services)
        staff = Staff(context.register, read_accounts(conn), context.zone)
        found = require_assignee(conn, staff, case, body.assignee, act.at)
        return acts.assign(conn, case.id, act, found.key)

    return CaseDesk(services, permit, number, if_match).do(assign, body.comment)


@router.post("/cases/{number}/comment", response_model=CaseOut)
def comment_case(
    services: Given, permit: Officer, number: Number, body: WordsIn, if_match: IfMatch = None
) -> dict[str, Any]:
    """Say something of a case."""
    desk = CaseDesk(services, permit, number, if_match)
    return desk.do(lambda conn, case, act: acts.comment(conn, case.id, act), body.comment)


@router.post("/cases/{number}/measure", response_model=CaseOut)
def note_measure(
    services: Given, permit: Officer, number: Number, body: WordsIn, if_match: IfMatch = None
) -> dict[str, Any]:
    """Say what is done about it (整改措施)."""
    desk = CaseDesk(services, permit, number, if_match)
    return desk.do(lambda conn, case, act: acts.note_measure(conn, case.id, act), body.comment)


@router.post("/cases/{number}/due", response_model=CaseOut)
def set_due(
    services: Given, permit: Decider, number: Number, body: DueIn, if_match: IfMatch = None
) -> dict[str, Any]:
    """Name the day until whose end it has to be put right."""

    def due(conn: Connection, case: Case, act: Act) -> Step:
        zone = zone_of_subject(services.register_source(), case.subject, services.settings)
        today = local_date(act.at, zone)
        return acts.set_due(conn, case.id, act, _due_day(body, today), today)

    return CaseDesk(services, permit, number, if_match).do(due, body.comment)


@router.post("/cases/{number}/evidence", response_model=CaseOut, openapi_extra=FORM)
def add_evidence(
    services: Given,
    permit: Officer,
    number: Number,
    upload: Annotated[Upload, Depends(_uploaded)],
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Add a document: JPEG, PNG or PDF of at most 10 MB."""
    document = document_of(upload.name, upload.data)
    desk = CaseDesk(services, permit, number, if_match)
    return desk.do(lambda conn, case, act: acts.add_evidence(conn, case.id, act, document))


@router.post("/cases/{number}/explain", response_model=CaseOut)
def explain_case(
    services: Given,
    permit: Explainer,
    number: Number,
    body: AccountExplanationIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Hand in an explanation of the overrun that the case is about; once approved the case says so."""
    desk = CaseDesk(services, permit, number, if_match)
    with services.records.begin() as conn:
        case = desk.seen(conn)
        act = Act(permit.actor, services.wall_clock())
        written = book.write(conn, _overrun(case, body, services), act)
        book.submit(conn, written.id, act)
        return case_answer(conn, case, services)


@router.post("/cases/{number}/propose", response_model=CaseOut)
def propose_closed(
    services: Given, permit: Officer, number: Number, body: WordsIn, if_match: IfMatch = None
) -> dict[str, Any]:
    """Say that it has been put right, and how."""
    desk = CaseDesk(services, permit, number, if_match)
    return desk.do(lambda conn, case, act: acts.propose_closed(conn, case.id, act), body.comment)


@router.post("/cases/{number}/send-back", response_model=CaseOut)
def send_back(
    services: Given, permit: Decider, number: Number, body: WordsIn, if_match: IfMatch = None
) -> dict[str, Any]:
    """Turn a proposal to close down, and say why."""
    desk = CaseDesk(services, permit, number, if_match)
    return desk.do(lambda conn, case, act: acts.send_back(conn, case.id, act), body.comment)


@router.post("/cases/{number}/close", response_model=CaseOut)
def close_case(
    services: Given, permit: Decider, number: Number, body: WordsIn, if_match: IfMatch = None
) -> dict[str, Any]:
    """Close a case that somebody else proposed to close, or took up."""
    desk = CaseDesk(services, permit, number, if_match)
    return desk.do(lambda conn, case, act: acts.close(conn, case.id, act), body.comment)


@router.post("/cases/{number}/reopen", response_model=CaseOut)
def reopen_case(
    services: Given, permit: Decider, number: Number, body: WordsIn, if_match: IfMatch = None
) -> dict[str, Any]:
    """Open a closed case again, and say why."""
    desk = CaseDesk(services, permit, number, if_match)
    return desk.do(lambda conn, case, act: acts.reopen(conn, case.id, act), body.comment)


@router.post("/findings/{number}/case", response_model=CaseOut, status_code=201)
def make_case(
    services: Given,
    permit: Annotated[Permit, needs(Permission.FINDINGS_ACT)],
    number: Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the finding")],
    body: CommentIn,
) -> dict[str, Any]:
    """Make a case of an open finding; it is verified when the finding is gone."""
    act = Act(permit.actor, services.clock(), body.comment)
    with services.records.begin() as conn:
        row = read_finding(conn, number)
        if not permit.everywhere and row["organisation"] not in permit.register.organisations:
            raise NotFoundError(f"a finding must exist by its number, got {number}")
        step = open_from_finding(conn, number, act, case_context(services))
        services.alerts.tell(conn, [step], act.at)
        case = read_case(conn, step.case.id)
        return case_answer(conn, case, services)


def _due_day(body: DueIn, today: date) -> date:
    if (body.due_on is None) == (body.working_days is None):
        raise InputError("a due date must be given by due_on or by working_days, got both or none")
    if body.due_on is not None:
        return body.due_on
    return after_working_days(today, body.working_days or 0)


def _overrun(case: Case, body: AccountExplanationIn, services: Services) -> Overrun:
    """What is explained, in the unit of the case's account. Raises StateError where it is about none."""
    account, year = account_of(case.subject)
    if not account or not year.isdecimal():
        raise StateError(f"a case must be about a yearly account, got {case.subject}")
    require_account_holder(services.register_source(), case.asset)
    budget = read_budget(services, case.asset, account, instant_in(int(year), services))
    unit = budget.draft.yardstick.indicator.amount_unit
    return Overrun(case.asset, account, int(year), body.reason, body.measures, body.amount, unit)
