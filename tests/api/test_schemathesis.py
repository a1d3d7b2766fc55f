"""Every operation of the API is asked what its description allows and what it does not: no server error.

``QUOTAWATT_FUZZ_QUESTIONS`` sets how many questions of either sort each operation is asked.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.register_examples import EXAMPLES
from quotawatt.register.model import Register
from quotawatt.register.rows import KINDS, records_of
from tests.api.register_scene import stored_scene
from tests.api.scene import REGISTER, TOKEN, Client

QUESTIONS = int(os.environ.get("QUOTAWATT_FUZZ_QUESTIONS", "1"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ORIGIN = "http://quotawatt.test"


@dataclass(frozen=True)
class Asked:
    """The API over the small world, and its operations by its own description."""

    client: Client
    operations: list[APIOperation]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """An API that may be changed by what it is asked."""
    records = records_of(REGISTER)
    register = Register(**{kind: [*records[kind], EXAMPLES[kind]] for kind in KINDS})
    scene = stored_scene(tmp_path_factory.mktemp("asked"), register=register)
    client = Client(scene.app)
    schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    operations = [result.ok() for result in schema.get_all_operations()]
    # A stream does not end: it is asked by tests of its own.
    return Asked(client, [o for o in operations if o.path != "/api/v1/events"])


@pytest.mark.parametrize(
    ("mode", "aimed"),
    [
        pytest.param(GenerationMode.POSITIVE, True, id="right, at what there is"),
        pytest.param(GenerationMode.NEGATIVE, False, id="wrong, anywhere"),
    ],
)
def test_no_question_is_answered_with_an_error_of_the_server(
    asked: Asked, mode: GenerationMode, aimed: bool
) -> None:
    """``aimed``: at the assets that the description has for examples, whichever their version is."""
    assert len(asked.operations) > 150
    faults = [f for o in asked.operations for f in _faults(asked.client, o, mode, aimed)]
    assert not faults, "\n\n".join(faults)


def _faults(
    client: Client, operation: APIOperation, mode: GenerationMode, aimed: bool
) -> Iterator[str]:
    """What an operation answers that it must not, in words."""
    target = _target(operation) if aimed else {}

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=QUESTIONS,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case) -> None:
        if aimed:
            case.path_parameters.update(target)
            case.headers["If-Match"] = "*"
        case.validate_response(_send(client, case), checks=CHECKS)

    try:
        ask()
    except FailureGroup as group:
        yield f"{operation.label}\n" + "\n".join(str(failure) for failure in group.exceptions)
    except Unsatisfiable:
        # An operation that takes nothing cannot be asked wrongly.
        assert mode is GenerationMode.NEGATIVE


def _target(operation: APIOperation) -> dict[str, str]:
    """The examples that the description has for the parts of the address."""
    parameters = operation.definition.raw.get("parameters", [])
    return {
        p["name"]: p["schema"]["examples"][0]
        for p in parameters
        if p["in"] == "path" and "examples" in p["schema"]
    }


def _send(client: Client, case: Case) -> httpx.Response:
    """Ask it over the application's own interface, byte for byte as the tool made it."""
    made = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN)).prepare()
    headers = {name: value for name, value in made.headers.items() if name != "Content-Length"}
    headers["Authorization"] = f"Bearer {TOKEN}"
    return client.send(str(made.method), str(made.url), content=made.body, headers=headers)
