"""The OpenAPI document's links followed: what one answer names is asked for in the next requests, sound and unsound.

The server remembers what it was asked before, so this is no state machine of hypothesis', which would take that for
flakiness: the requests are made up by schemathesis, and their ids are those that the links of earlier answers gave.
"""

import os
import random
from collections import defaultdict
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

from samband.channels.api.openapi import LINKS, document
from samband.channels.api.operations import OPERATIONS
from samband.conf.wsgi import application

ASKED = os.environ.get("SAMBAND_EXAMPLES")
ROUNDS = max(int(ASKED or 8) // 4, 2)
"""How often every operation is asked for, in another order each time, with what is known by then."""

CONFORMS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
KNOWN: dict[str, Any] = {
    "market": "IS", "sku": "CUP", "location": "RVK", "channel": "pos", "quantity": 1, "currency": "ISK",
    "method": "pickup", "kind": "pickup", "lines": [{"sku": "CUP", "quantity": 1}],
}  # fmt: skip
"""What whoever writes a program for this retailer knows: it stands in for what was made up, wherever that was sound."""

pytestmark = pytest.mark.django_db(transaction=True)


def with_known(told: Any) -> Any:
    """The same with what is known of this retailer in its place."""
    if isinstance(told, list):
        return [with_known(one) for one in told]
    if isinstance(told, dict):
        return {name: KNOWN.get(name, with_known(one)) for name, one in told.items()}
    return told


class Program:
    """Asks for everything, and keeps what the answers' links name: values by operation and parameter."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.known: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.followed: set[str] = set()
        self.described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)

    def asks_for(self, operation: str, nth: int) -> None:
        mode = GenerationMode.NEGATIVE if nth % 4 == 3 else GenerationMode.POSITIVE
        made_up = self.described.find_operation_by_id(operation).as_strategy(generation_mode=mode)

        @given(case=strategies.one_of(made_up, made_up))
        @settings(
            max_examples=3, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def ask(case: Any) -> None:
            linked = self._fill_in(operation, case, mode)
            response = case.call(headers={"Authorization": f"Bearer {self.key}"})
            case.validate_response(response, checks=CONFORMS)
            if response.status_code < 300:
                self.followed |= {operation} if linked else set()
                self._keep(operation, response)

        ask()

    def _fill_in(self, operation: str, case: Any, mode: GenerationMode) -> bool:
        """Put in what is known. Whether an id of an earlier answer is among it."""
        linked = False
        for parameter in case.path_parameters or {}:
            if found := self.known.get((operation, parameter)):
                case.path_parameters[parameter] = found[-1]
                linked = True
            elif parameter in KNOWN:
                case.path_parameters[parameter] = KNOWN[parameter]
        if mode is GenerationMode.POSITIVE and isinstance(case.body, dict | list):
            case.body = with_known(case.body)
        return linked

    def _keep(self, operation: str, response: Any) -> None:
        for to, (parameter, where) in LINKS.get(operation, {}).items():
            value = response.json()
            for part in where.split("/"):
                value = value[part]
            self.known[to, parameter].append(str(value))


def test_what_one_answer_names_is_asked_for_next_and_nothing_breaks(world):
    program = Program(world.api_key)
    drawn = random.Random(5)
    first = [one for one in LINKS if one in OPERATIONS]
    for nth in range(ROUNDS):
        for operation in [*first, *drawn.sample(sorted(OPERATIONS), len(OPERATIONS))]:
            program.asks_for(operation, nth)
    assert {"getCart", "getCustomer", "getGiftCard", "getFence"} <= program.followed, sorted(program.followed)


def test_every_link_leads_from_an_answer_to_a_parameter():
    described = {one["operationId"]: one for methods in document()["paths"].values() for one in methods.values()}
    for operation, leads in LINKS.items():
        links = described[operation]["responses"][str(OPERATIONS[operation].status)]["links"]
        assert set(links) == set(leads)
        for to, link in links.items():
            asked = {one["name"] for one in described[to]["parameters"] if one["in"] == "path"}
            assert set(link["parameters"]) <= asked, to
