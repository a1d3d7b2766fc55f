"""Everybody's sessions, as the security administrator and the auditor see them."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.access import Permit, needs
from api.access_schemas import SessionList
from api.auth import GateParam
from quotawatt.access.roles import Permission
from quotawatt.access.sessions import Session

router = APIRouter(tags=["access"], prefix="/sessions")


@router.get("", response_model=SessionList)
def list_sessions(
    gate: GateParam, permit: Annotated[Permit, needs(Permission.ACCESS_READ)]
) -> dict[str, Any]:
    """All open sessions."""
    permit.require_everywhere()
    return session_list(gate.sessions.listed(gate.clock()))


@router.delete("/{session_id}", status_code=204)
def end_session(
    gate: GateParam,
    permit: Annotated[Permit, needs(Permission.GRANTS_WRITE)],
    session_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
) -> Response:
    """End anybody's session."""
    permit.require_everywhere()
    gate.sign_ins.end(permit.principal, session_id, gate.clock())
    return Response(status_code=204)


def session_list(sessions: list[Session]) -> dict[str, Any]:
    """Sessions as a list of rows."""
    return {"total": len(sessions), "items": [asdict(s) for s in sessions]}
