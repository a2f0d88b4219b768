"""Thousands of requests made up from the OpenAPI document: no crash, and no answer that the document does not know."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from samband.channels.api.door import DOORS
from samband.channels.api.operations import OPERATIONS
from samband.conf.wsgi import application

CONFORMS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES_EACH = 12

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("tag", [door.tag for door in DOORS])
def test_no_request_breaks_it_and_every_answer_is_described(world, tag):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for operation in OPERATIONS.values():
        if operation.tag == tag:
            fuzz(described.find_operation_by_id(operation.id), world.api_key)


def fuzz(operation: Any, key: str) -> None:
    """Ask for one thing in many ways, sound and unsound; the same ones every time."""

    @given(case=strategies.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    @settings(
        max_examples=EXAMPLES_EACH,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {key}"})
        case.validate_response(response, checks=CONFORMS)

    ask()
