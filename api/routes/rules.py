"""The rulebook's packs: which count, and proposals that a second person approves."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from api.access import Permit, needs
from api.ledger_schemas import (
    DecisionIn,
    PackList,
    ProposalDetail,
    ProposalIn,
    ProposalPage,
)
from api.params import Given, LimitParam, OffsetParam
from api.rules_review import packs_now, review
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, StateError
from quotawatt.rulebook.difference import plain_book
from quotawatt.rulebook.proposal import PROPOSED, Draft, Proposal
from quotawatt.rulebook.proposals import Proposals

router = APIRouter(prefix="/rules", tags=["rules"])

Reader = Annotated[Permit, needs(Permission.RULES_READ)]
Proposer = Annotated[Permit, needs(Permission.RULES_PROPOSE)]
Approver = Annotated[Permit, needs(Permission.RULES_APPROVE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
State = Literal["proposed", "approved", "rejected", "withdrawn", "superseded"]


@router.get("/packs", response_model=PackList)
def list_packs(services: Given, _: Reader) -> dict[str, Any]:
    """The packs that count, and whether their files are as running roles read them."""
    packs = packs_now(services)
    return {
        "items": [{"name": p.name, "origin": p.origin, "sha256": p.sha256} for p in packs.packs],
        "not_approved": [asdict(note) for note in packs.notes],
        "need_approval": services.settings.packs_need_approval,
        "restart_needed": plain_book(packs.rulebook()) != plain_book(services.rulebook),
    }


@router.get("/proposals", response_model=ProposalPage)
def list_proposals(
    services: Given,
    _: Reader,
    state: Annotated[State | None, Query(description="Default: any")] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Proposed packs and what became of them, the latest first."""
    total, found = Proposals(services.records).list(state or "", limit, offset)
    return {"total": total, "items": [asdict(proposal) for proposal in found]}


@router.get("/proposals/{number}", response_model=ProposalDetail)
def read_proposal(services: Given, _: Reader, number: Number) -> dict[str, Any]:
    """One proposal with its text, and what it would change while it is open."""
    return _detail(services, Proposals(services.records).get(number))


@router.post("/proposals", response_model=ProposalDetail, status_code=201)
def propose(services: Given, permit: Proposer, body: ProposalIn) -> dict[str, Any]:
    """Put a pack up for approval. It must be right, alone and with the others, and pass its tests."""
    permit.require_everywhere()
    draft = Draft(**body.model_dump())
    seen = review(services, draft)
    changes = [asdict(change) for change in seen.changes]
    at = services.wall_clock()
    made = Proposals(services.records).propose(draft, seen.packs, changes, permit.actor, at)
    return _detail(services, made)


@router.post("/proposals/{number}/approve", response_model=ProposalDetail)
def approve(services: Given, permit: Approver, number: Number, body: DecisionIn) -> dict[str, Any]:
    """Approve a proposal of somebody else. Running roles take it up within seconds."""
    permit.require_everywhere()
    proposals = Proposals(services.records)
    proposal = proposals.get(number)
    if proposal.state != PROPOSED:
        raise StateError(f"a proposal is decided once, got one that is {proposal.state}")
    seen = review(services, _draft(proposal))
    changes = [asdict(change) for change in seen.changes]
    at = services.wall_clock()
    done = proposals.approve(number, seen.packs, changes, permit.actor, at, body.reason)
    services.rulebook_changed()
    return _detail(services, done)


@router.post("/proposals/{number}/reject", response_model=ProposalDetail)
def reject(services: Given, permit: Approver, number: Number, body: DecisionIn) -> dict[str, Any]:
    """Turn a proposal down, with a reason."""
    permit.require_everywhere()
    at = services.wall_clock()
    done = Proposals(services.records).reject(number, permit.actor, at, body.reason)
    return _detail(services, done)


@router.post("/proposals/{number}/withdraw", response_model=ProposalDetail)
def withdraw(services: Given, permit: Proposer, number: Number, body: DecisionIn) -> dict[str, Any]:
    """Take one's own proposal back."""
    permit.require_everywhere()
    at = services.wall_clock()
    done = Proposals(services.records).withdraw(number, permit.actor, at, body.reason)
    return _detail(services, done)


def _detail(services: Services, proposal: Proposal) -> dict[str, Any]:
    """The proposal with what it would change; of a decided one the ledger has what it changed."""
    said = {**asdict(proposal), "changes": [], "problems": []}
    if proposal.state != PROPOSED:
        return said
    try:
        changes = review(services, _draft(proposal)).changes
    except InputError as error:
        return {**said, "problems": str(error).split("\n")}
    return {**said, "changes": [asdict(change) for change in changes]}


def _draft(proposal: Proposal) -> Draft:
    return Draft(proposal.name, proposal.text, proposal.tests, proposal.comment)
