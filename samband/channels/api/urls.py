from django.urls import path, re_path

from .docs import docs, openapi, problems
from .door import api, at_the_door, nothing_here

operations, _, _ = api.urls
for pattern in operations:
    pattern.callback = at_the_door(pattern.callback)  # type: ignore[arg-type]

urlpatterns = [
    path("v1/openapi.json", at_the_door(openapi), name="api-openapi"),
    path("v1/docs", at_the_door(docs), name="api-docs"),
    path("v1/docs/problems", at_the_door(problems), name="api-problems"),
    path("v1/", (operations, "ninja", "api")),
    re_path("", at_the_door(nothing_here)),
]
