"""Traces for OpenTelemetry. A trace has the id of the request that all its spans follow from, reactions too."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from samband import __version__
from samband.kernel.correlation import correlation

LONGEST_STATEMENT = 2000
tracer = trace.get_tracer("samband", __version__)


class RequestsOwn(RandomIdGenerator):
    """A trace's id is the id of its request: whoever has one from a log finds the other."""

    def generate_trace_id(self) -> int:
        request = correlation()
        return request.int if request else super().generate_trace_id()


class Traces:
    """Sends spans to a collector in the background and watches reactions. `endpoint` is such as http://host:4318."""

    def __init__(self, endpoint: str) -> None:
        provider = TracerProvider(
            id_generator=RequestsOwn(),
            resource=Resource.create(
                {"service.name": "samband", "service.version": __version__, "process.pid": os.getpid()}
            ),
        )
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces")))
        trace.set_tracer_provider(provider)

    @contextmanager
    def reacting(self, reaction: str, events: int, request: UUID | None) -> Iterator[None]:
        told: dict[str, str | int] = {"samband.reaction": reaction, "samband.events": events}
        with _span(f"react {reaction}", SpanKind.CONSUMER, told) as span, stating(span):
            yield


@contextmanager
def answering(method: str) -> Iterator[Span]:
    """The span of a request; its name is known once it was answered."""
    with _span(method, SpanKind.SERVER, {"http.request.method": method}) as span, stating(span):
        yield span


def answered(span: Span, method: str, route: str, status: int) -> None:
    """What the request turned out to be."""
    span.update_name(f"{method} {route}".strip())
    span.set_attribute("http.route", route)
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))


@contextmanager
def _span(name: str, kind: SpanKind, told: dict[str, str | int]) -> Iterator[Span]:
    """An error is told by its kind: its message may hold somebody's values."""
    with tracer.start_as_current_span(
        name, kind=kind, attributes=told, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except Exception as error:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


@contextmanager
def stating(span: Span) -> Iterator[None]:
    """A span for each statement, by its text without values, while this one is recorded."""
    if not span.is_recording():
        yield
        return
    from django.db import connection

    with connection.execute_wrapper(_stated):
        yield


def _stated(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    told: dict[str, str | int] = {"db.system.name": "postgresql", "db.query.text": str(sql)[:LONGEST_STATEMENT]}
    with _span("statement", SpanKind.CLIENT, told):
        return execute(sql, params, many, context)
