"""Who asks, without an account: the application takes everybody for somebody."""

from typing import Any

from fastapi import FastAPI

from api.auth import Gate
from quotawatt.access.principal import Principal


class _Open(Gate):
    """A gate that takes whoever comes, with a token or in a session, for the same one."""

    def __init__(self, gate: Gate, principal: Principal) -> None:
        self.__dict__.update(vars(gate))
        self.behind = gate
        self.principal = principal

    def by_bearer(self, given: str, request: Any) -> Principal:
        return self.principal

    def by_session(self, secret: str) -> Principal:
        return self.principal


def answer_as(app: FastAPI, principal: Principal) -> None:
    """From here on every request is this one's."""
    answer_as_asked(app)
    app.state.gate = _Open(app.state.gate, principal)


def answer_as_asked(app: FastAPI) -> None:
    """From here on every request is again that of who sends it."""
    if isinstance(app.state.gate, _Open):
        app.state.gate = app.state.gate.behind
