"""The records of the register, kind by kind: listed, read, made, replaced, changed, removed."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.responses import Response

from api.access import Permit, needs
from api.contact_views import seen
from api.params import Given
from api.register_examples import EXAMPLES
from api.register_keys import address_key, owner_of, record_at, record_etag
from api.register_lists import listed, parse_day
from api.register_schemas import (
    ListQuery,
    change_model,
    input_model,
    item_model,
    item_of,
    page_model,
    query_model,
)
from api.register_writes import (
    Target,
    changed_record,
    created_record,
    removed_record,
    replaced_record,
)
from api.responses import problems
from api.tagging import NOT_MODIFIED, IfMatch, IfNoneMatch, require_if_match, tagged
from quotawatt.access.roles import Permission
from quotawatt.register.model import Register
from quotawatt.register.rows import CODED, KEYS, KINDS, Record

router = APIRouter(prefix="/register", tags=["register"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.REGISTER_WRITE)]
AsOfDay = Annotated[
    str | None,
    Query(description="With the values of this day, YYYY-MM-DD", examples=["2024-03-01"]),
]
FromDay = Annotated[
    str | None,
    Query(
        alias="from",
        description="The first day with the new values: before it the old ones stay. Without it the "
        "record was wrong since the column's last change, or always, and is corrected",
        examples=["2024-07-01"],
    ),
]


def _add_reading(kind: str) -> None:
    key_type = _key_type(kind)

    def list_records(
        services: Given, permit: Reader, query: ListQuery, if_none_match: IfNoneMatch = None
    ) -> Response:
        """A column's name as a parameter: only records that hold this value; empty: that hold none.

        `as_of` gives the values that assets had on that day; records with dates of their own are all
        listed. What is out of reach is not listed.
        """
        register = _of_day(services.register_source(), query.as_of)
        records = listed(register, permit, kind, query)
        page = records[query.offset : query.offset + query.limit]
        content = {"total": len(records), "items": [item_of(kind, record) for record in page]}
        return tagged(content, if_none_match)

    def read_record(
        services: Given,
        permit: Reader,
        key: str,
        as_of: AsOfDay = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """The record after the last change that was decided, be it ahead; with `as_of` that of a day.

        `etag` is what a change must name.
        """
        register = _of_day(services.register_source(), as_of)
        record = seen(permit, [record_at(register, kind, key)])[0]
        permit.require(owner_of(kind, record))
        return tagged(item_of(kind, record), if_none_match, record_etag(record))

    _typed(list_records, query=Annotated[query_model(kind), Query()])
    _typed(read_record, key=key_type)
    _route("GET", kind, list_records, page_model(kind), NOT_MODIFIED)
    _route("GET", f"{kind}/{{key}}", read_record, item_model(kind), NOT_MODIFIED)


def _add_making(kind: str) -> None:
    def create_record(
        services: Given, permit: Writer, request: Request, body: BaseModel
    ) -> Response:
        """A new record; `Location` says where it is."""
        record = created_record(services, permit, kind, body.model_dump())
        place = request.url_for(f"read_{kind}", key=address_key(kind, record)).path
        return _answer(kind, record, 201, {"Location": place})

    _typed(create_record, body=input_model(kind))
    _route("POST", kind, create_record, item_model(kind), {}, status=201)


def _add_changing(kind: str) -> None:
    def replace_record(
        services: Given, permit: Writer, key: str, body: BaseModel, if_match: IfMatch = None
    ) -> Response:
        """All columns anew; what the record said was wrong since their last changes, or always."""
        target = Target(kind, key, require_if_match(if_match))
        return _answer(kind, replaced_record(services, permit, target, body.model_dump()))

    def change_record(
        services: Given, permit: Writer, key: str, body: BaseModel, if_match: IfMatch = None
    ) -> Response:
        """Some columns; what they said before was wrong."""
        target = Target(kind, key, require_if_match(if_match))
        cells = body.model_dump(exclude_unset=True)
        return _answer(kind, changed_record(services, permit, target, cells, None))

    def change_asset(
        services: Given,
        permit: Writer,
        key: str,
        body: BaseModel,
        if_match: IfMatch = None,
        from_: FromDay = None,
    ) -> Response:
        """Some columns: from a day on, or, without `from`, because what they say was wrong."""
        target = Target(kind, key, require_if_match(if_match))
        cells = body.model_dump(exclude_unset=True)
        day = None if from_ is None else parse_day(from_, "from")
        return _answer(kind, changed_record(services, permit, target, cells, day))

    def remove_record(
        services: Given, permit: Writer, key: str, if_match: IfMatch = None
    ) -> Response:
        """Refused where others refer to it. The code of an asset is never given to another."""
        removed_record(services, permit, Target(kind, key, require_if_match(if_match)))
        return Response(status_code=204)

    key_type = _key_type(kind)
    place, versions = f"{kind}/{{key}}", problems(412, 428)
    change = change_asset if kind in CODED else change_record
    _typed(replace_record, key=key_type, body=input_model(kind))
    _typed(change, key=key_type, body=change_model(kind))
    _typed(remove_record, key=key_type)
    _route("PUT", place, replace_record, item_model(kind), versions)
    _route("PATCH", place, change, item_model(kind), versions)
    _route("DELETE", place, remove_record, None, versions, status=204)


def _route(
    method: str,
    path: str,
    function: Callable[..., Response],
    model: type[BaseModel] | None,
    answers: dict[int | str, dict[str, Any]],
    status: int = 200,
) -> None:
    kind = path.partition("/")[0]
    verb = function.__name__.partition("_")[0]
    router.add_api_route(
        f"/{path}",
        function,
        methods=[method],
        response_model=model,
        responses=answers,
        status_code=status,
        name=f"{verb}_{kind}",
        summary=f"{verb.capitalize()} {kind.replace('_', ' ')}",
    )


def _key_type(kind: str) -> Any:
    """The key as a parameter of a path."""
    columns = ", ".join(KEYS[kind])
    described = Path(
        description=f"The record's `key`: {columns}", examples=[address_key(kind, EXAMPLES[kind])]
    )
    return Annotated[str, described]


def _typed(function: Callable[..., Response], **types: Any) -> None:
    """Give parameters the types of the kind: the framework reads them from the annotations."""
    function.__annotations__.update(types)


def _of_day(register: Register, as_of: str | None) -> Register:
    return register if as_of is None else register.as_of(parse_day(as_of, "as_of"))


def _answer(
    kind: str, record: Record, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """What a change made of the record, with its tag."""
    return JSONResponse(
        item_of(kind, record), status, {"ETag": record_etag(record), **(headers or {})}
    )


for _kind in KINDS:
    _add_reading(_kind)
    _add_making(_kind)
    _add_changing(_kind)
