"""What the console's forms have in common: who may send one, where it leads, why it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.access import Permit, permit_of
from api.console.texts import Words
from api.console.texts_refusals import RULES_ZH
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, RegisterError, StateError
from quotawatt.register.model import Register

M = TypeVar("M", bound=BaseModel)

REFUSALS = (InputError, StateError)
"""What a form can be refused for, and drawn again with; what is not there is a page of its own."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was done.

    words
        In the reader's language.
    detail
        Rule and value in English, where no words are known for the rule; empty else.
    """

    words: str
    detail: str
    status: int


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a list to choose from; ``depth`` in the tree, 0 at the top."""

    value: str
    label: str
    depth: int = 0


def acting_permit(request: Request, permit: Permit, permission: Permission) -> Permit | None:
    """The permit of the one who reads to do something; None where they may not anywhere, or not yet.

    Who must change a first password may do nothing else before.
    """
    principal = permit.principal
    if principal.must_change_password or not principal.may(permission):
        return None
    return permit_of(request, principal, permission)


def filled(model: type[M], fields: Mapping[str, object]) -> M:
    """What a form says, as the model that the route of the API takes; an empty field is as if not sent.

    Raises InputError with each rule that is broken, by the field's name.
    """
    given = {name: value for name, value in fields.items() if value != ""}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InputError("; ".join(_rule_then_value(e) for e in error.errors())) from None


def refusal_of(error: InputError | StateError, words: Words) -> Refusal:
    """What to say of an error that a form met."""
    status = 409 if isinstance(error, StateError) else 422
    if isinstance(error, RegisterError):
        between = "；" if words.language == "zh" else "; "
        return Refusal(between.join(error.texts(words.language)), "", status)
    text = str(error)
    if words.language == "en":
        return Refusal(text[:1].upper() + text[1:], "", status)
    rule = text.partition(", got ")[0]
    if rule in RULES_ZH:
        return Refusal(RULES_ZH[rule], "", status)
    return Refusal(words("refused_state" if status == 409 else "refused_input"), text, status)


def lead_back(path: str, form: Mapping[str, str], anchor: str = "", **said: object) -> Response:
    """To the page that a form was sent from, with the filters that it had (``back``) and what was done."""
    kept = dict(parse_qsl(form.get("back", "")))
    query = urlencode({**kept, **said})
    return RedirectResponse(f"{path}?{query}{anchor}" if query else f"{path}{anchor}", 303)


def organisation_choices(register: Register, words: Words) -> list[Choice]:
    """The register's organisations by region, each above those below it."""
    below: dict[str | None, list[str]] = {}
    for code, organisation in register.organisations.items():
        parent = organisation.region_parent
        below.setdefault(parent if parent in register.organisations else None, []).append(code)
    found: list[Choice] = []
    waiting = [(code, 0) for code in reversed(below.get(None, []))]
    while waiting:
        code, depth = waiting.pop()
        found.append(Choice(code, words.name(register.organisations[code]), depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(code, []))]
    return found


def _rule_then_value(error: Mapping[str, object]) -> str:
    location = error["loc"]
    where = ".".join(str(part) for part in location) if isinstance(location, tuple) else ""
    return f"{where}: {error['msg']}, got {error['input']!r}"
