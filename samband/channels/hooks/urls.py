from django.urls import path

from . import bank, carriers, payments, stripe, transfer

urlpatterns = [
    path("payments/<slug:provider>", payments.notice, name="hooks-payments"),
    path("carriers/<slug:carrier>", carriers.notice, name="hooks-carriers"),
    path("bank/<slug:reference>", bank.second_factor, name="hooks-bank"),
    path("transfer/<slug:reference>", transfer.transfer, name="hooks-transfer"),
    path("stripe/<slug:reference>", stripe.at_stripe_page, name="hooks-stripe"),
]
