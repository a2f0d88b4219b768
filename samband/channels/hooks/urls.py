from django.urls import path

from . import bank, payments

urlpatterns = [
    path("payments/<slug:provider>", payments.notice, name="hooks-payments"),
    path("bank/<slug:reference>", bank.second_factor, name="hooks-bank"),
]
