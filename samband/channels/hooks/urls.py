from django.urls import path

from . import bank, carriers, payments, shopify, stripe, transfer, woocommerce

urlpatterns = [
    path("payments/<slug:provider>", payments.notice, name="hooks-payments"),
    path("carriers/<slug:carrier>", carriers.notice, name="hooks-carriers"),
    path("shopify/<str:source>", shopify.notice, name="hooks-shopify"),
    path("woocommerce/<str:source>", woocommerce.notice, name="hooks-woocommerce"),
    path("bank/<slug:reference>", bank.second_factor, name="hooks-bank"),
    path("transfer/<slug:reference>", transfer.transfer, name="hooks-transfer"),
    path("stripe/<slug:reference>", stripe.at_stripe_page, name="hooks-stripe"),
]
