"""Every route × every role × inside and outside its subtree, and everything that opens nothing.

What is expected follows from the permission that a route declares and from the table of roles; the samples
say which request is within a subtree and which is not.
"""

import asyncio
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from python_calamine import CalamineWorkbook

from api.auth import COOKIE, CSRF_HEADER, SAFE_METHODS
from quotawatt.access.roles import Permission
from tests.api.access_samples import PUBLIC, SAMPLES
from tests.api.access_world import INSIDE, OUTSIDE, WORLD, Asker, World
from tests.api.sample import Sample

Place = tuple[str, str]
REFUSED = {401, 403, 404}
OUTSIDE_CODES = {c for c in WORLD.assets if c.endswith("-1") and c != "SITE-1"} | {"MTR-1-A"}
OUTSIDE_USERS = {"viewer.all", "keeper"}
OUTSIDE_WORDS = ("一号楼", "甲机关")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def permissions(world: World) -> dict[Place, set[Permission]]:
    """What each route declares."""
    return dict(_declared(world))


def _declared(world: World) -> Iterator[tuple[Place, set[Permission]]]:
    for context in iter_route_contexts(world.scene.app.routes):
        route = context.original_route
        for method in sorted(context.methods or ()):
            found = set(_permissions(route.dependant)) if isinstance(route, APIRoute) else set()
            yield (method, str(context.path)), found


def _permissions(dependant: Dependant) -> Iterator[Permission]:
    if isinstance(permission := getattr(dependant.call, "permission", None), Permission):
        yield permission
    for dependency in dependant.dependencies:
        yield from _permissions(dependency)


def test_every_route_declares_exactly_one_permission(
    permissions: dict[Place, set[Permission]],
) -> None:
    assert {p for p, found in permissions.items() if not found} == PUBLIC
    assert {p: found for p, found in permissions.items() if len(found) > 1} == {}


def test_every_route_has_a_sample(permissions: dict[Place, set[Permission]]) -> None:
    missing = sorted(set(permissions) - PUBLIC - set(SAMPLES))
    assert not missing, f"add entries to SAMPLES in tests/api/access_samples.py for {missing}"
    gone = sorted(set(SAMPLES) - set(permissions))
    assert not gone, f"remove entries of SAMPLES in tests/api/access_samples.py: {gone}"


@pytest.mark.parametrize("place", SAMPLES, ids=" ".join)
def test_who_may(world: World, permissions: dict[Place, set[Permission]], place: Place) -> None:
    (permission,) = permissions[place]
    wrong = asyncio.run(_tried(world, place, permission, SAMPLES[place]))
    assert wrong == []


async def _tried(world: World, place: Place, permission: Permission, sample: Sample) -> list[str]:
    """Everything that went otherwise than it must."""
    transport = httpx.ASGITransport(world.scene.app, raise_app_exceptions=False)
    wrong = []
    async with httpx.AsyncClient(transport=transport, base_url="http://quotawatt.test") as client:
        for name, headers in world.closed.items():
            answer = await _ask(client, place, sample, INSIDE, headers, made=1)
            if answer.status_code != 401:
                wrong.append(f"{name}: {answer.status_code}")
        for asker in world.askers:
            for where in (INSIDE, OUTSIDE) if sample.kind == "over" else (INSIDE,):
                made = sample.make(world, asker.name, where) if sample.make else 0
                headers = world.headers(asker)
                answer = await _ask(client, place, sample, where, headers, made)
                fault = _fault(answer, asker, permission, sample, where)
                if fault:
                    told = f"{asker.name}{' by token' if asker.token else ''} {where}"
                    wrong.append(f"{told}: {fault}, got {answer.status_code} {answer.text[:300]}")
    return wrong


async def _ask(
    client: httpx.AsyncClient, place: Place, sample: Sample, where: str, headers: Any, made: int
) -> httpx.Response:
    outside = where == OUTSIDE
    address = (sample.outside if outside else sample.inside).replace("{made}", str(made))
    body = sample.outside_body if outside else sample.body
    options: dict[str, Any] = {} if body is None else {"json": body}
    form = sample.outside_form if outside and sample.outside_form else sample.form
    if form is not None:
        fields = {**form, "csrf": headers.get(CSRF_HEADER, "")}
        options = {"content": urlencode(fields)}
    client.cookies.clear()
    return await client.request(place[0], address, headers={**sample.headers, **headers}, **options)


def _fault(
    answer: httpx.Response, asker: Asker, permission: Permission, sample: Sample, where: str
) -> str:
    """What is wrong with an answer; empty where nothing is."""
    status = answer.status_code
    if status >= 500:
        return "must not fail"
    if not asker.may(permission):
        refused = status == 403 and f"takes the permission {permission.value}" in answer.text
        return "" if refused else f"must be refused for want of {permission.value}"
    if asker.token is not None and _is_for_persons(answer, sample):
        return ""
    if asker.over and sample.kind == "nobodys":
        return "" if status == 403 and "no organisation" in answer.text else "must be the whole's"
    if asker.over and sample.kind == "over" and where == OUTSIDE:
        return "" if status == 404 else "must be as if it were not there"
    if status in REFUSED and not (sample.may_be_missing and status == 404):
        return "must be let through"
    if sample.kind == "listing":
        return _listing_fault(answer, asker)
    return ""


def _is_for_persons(answer: httpx.Response, sample: Sample) -> bool:
    """Whether a token is refused what it takes somebody signed in for: accounts of people, and forms."""
    words = "signed in" if sample.form is None else "its page's token"
    return answer.status_code == 403 and words in answer.text.replace("&#39;", "'")


def _listing_fault(answer: httpx.Response, asker: Asker) -> str:
    if not answer.is_success:
        return "must be listed"
    kind = answer.headers["content-type"]
    if "html" in kind or "spreadsheet" in kind:
        words = answer.text if "html" in kind else _cells(answer.content)
        shown = any(word in words for word in OUTSIDE_WORDS)
    else:
        shown = bool(_named(answer.json()) & (OUTSIDE_CODES | OUTSIDE_USERS))
    return "must not show what is outside" if asker.over and shown else ""


def _cells(workbook: bytes) -> str:
    """All that stands in a workbook."""
    sheets = CalamineWorkbook.from_filelike(BytesIO(workbook))
    return str([sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names])


def _named(answer: Any) -> set[str]:
    """What the rows of a list are about."""
    areas = [feature["properties"] for feature in answer.get("features", ())]
    rows = areas or [*answer["items"], *answer.get("findings", ())]
    named = ("code", "asset", "subject", "organisation", "name", "user")
    values = [row[name] for row in rows for name in named if isinstance(row.get(name), str)]
    return {value.partition("/")[0] for value in values}


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/assets",
        "/api/v1/quota",
        "/api/v1/alerts",
        "/api/v1/findings",
        "/api/v1/users",
        "/api/v1/grants",
        "/api/v1/ledger?action=tried",
        "/api/v1/register/meters",
        "/api/v1/register/bindings",
    ],
)
def test_over_the_whole_the_lists_do_hold_what_a_part_must_not_see(
    world: World, address: str
) -> None:
    auditor = next(a for a in world.askers if a.role.value == "auditor" and not a.over)
    answer = asyncio.run(_get(world, address, auditor))
    assert _named(answer.json()) & (OUTSIDE_CODES | OUTSIDE_USERS)


async def _get(world: World, address: str, asker: Asker) -> httpx.Response:
    transport = httpx.ASGITransport(world.scene.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://quotawatt.test") as client:
        return await client.get(address, headers=world.headers(asker))


CHANGING = [p for p in SAMPLES if p[0] not in SAFE_METHODS]


@pytest.mark.parametrize("place", CHANGING, ids=" ".join)
def test_a_session_changes_nothing_without_its_forms_token(world: World, place: Place) -> None:
    answers = asyncio.run(_without_csrf(world, place))
    assert {a.status_code for a in answers} == {403}
    assert any("must carry its page's token" in a.text for a in answers)


async def _without_csrf(world: World, place: Place) -> list[httpx.Response]:
    transport = httpx.ASGITransport(world.scene.app, raise_app_exceptions=False)
    sample = SAMPLES[place]
    answers = []
    async with httpx.AsyncClient(transport=transport, base_url="http://quotawatt.test") as client:
        for asker in world.askers:
            if asker.token is None and not asker.over:
                headers = {"Cookie": f"{COOKIE}={world.session(asker.name)}"}
                answers.append(await _ask(client, place, sample, INSIDE, headers, made=1))
    return answers
