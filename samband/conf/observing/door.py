"""The layer of Django's that sees requests for metrics and traces; it stands there only if somebody asked for it."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from samband.conf import environment

Answer = Callable[[HttpRequest], HttpResponse]
METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
"""What a client may call itself is bounded: each value is a series of its own."""


def observed(answer: Answer) -> Answer:
    """Count and trace what is answered."""
    counting, tracing = bool(environment.metrics()), bool(environment.traces())

    def seen(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        method = request.method if request.method in METHODS else "OTHER"
        statements: Any = None
        span: Any = None
        with ExitStack() as watched:
            if tracing:
                from .traces import answering

                span = watched.enter_context(answering(method or "OTHER"))
            if counting:
                from .metrics import Statements

                statements = Statements()
                watched.enter_context(connection.execute_wrapper(statements))
            response = answer(request)
            route = request.resolver_match.route if request.resolver_match else ""
            if span is not None:
                from . import traces

                traces.answered(span, str(method), route, response.status_code)
        if statements is not None:
            from . import metrics

            took = time.perf_counter() - began
            metrics.answered(request.path_info, str(method), route, response.status_code, took, statements)
        return response

    return seen
