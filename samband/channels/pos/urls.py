"""The till's addresses: the app itself, and what it asks."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from samband.kernel.refusal import NotFound

from . import allotting, carts, drawers, entering, files, goods, paying, pickups, receipts, syncing
from .door import at, problem

app_name = "pos"


def nothing(request: HttpRequest, **_: str) -> HttpResponse:
    """Whatever is at no address of ours."""
    return problem(NotFound())


nothing.csrf_exempt = True  # type: ignore[attr-defined]  # nothing happens there

api = [
    path("enrol", at(post=entering.enrol)),
    path("me", at(get=entering.me)),
    path("staff", at(get=entering.people)),
    path("sign-in", at(post=entering.sign_in)),
    path("sign-out", at(post=entering.sign_out)),
    path("snapshot", at(get=goods.snapshot)),
    path("lookup", at(get=goods.lookup)),
    path("search", at(get=goods.search)),
    path("allotment", at(get=allotting.allotment, post=allotting.raise_to)),
    path("allotment/give-back", at(post=allotting.give_back)),
    path("carts", at(post=carts.open_cart)),
    path("carts/take-over", at(post=carts.take_over)),
    path("carts/<uuid:cart>/look", at(post=carts.look)),
    path("carts/<uuid:cart>/lines", at(post=carts.put_line)),
    path("carts/<uuid:cart>/coupons", at(post=carts.enter_coupon)),
    path("carts/<uuid:cart>/coupons/drop", at(post=carts.drop_coupon)),
    path("carts/<uuid:cart>/customer", at(post=carts.give_to)),
    path("carts/<uuid:cart>/hand-out", at(post=carts.hand_out)),
    path("carts/<uuid:cart>/slots", at(post=carts.slots)),
    path("carts/<uuid:cart>/methods", at(post=carts.methods)),
    path("carts/<uuid:cart>/checkout", at(post=paying.check_out)),
    path("customers/find", at(post=carts.find)),
    path("gift-card", at(post=carts.gift_card)),
    path("terminal/tokens", at(get=paying.terminal_tokens)),
    path("orders/<uuid:order>/pay", at(post=paying.pay)),
    path("orders/<uuid:order>/status", at(post=paying.status)),
    path("orders/<uuid:order>/call-off", at(post=paying.call_off)),
    path("orders/<uuid:order>/link", at(post=paying.link)),
    path("orders/<uuid:order>/receipt", at(get=receipts.receipt)),
    path("orders/<uuid:order>/receipt.escpos", at(get=receipts.escpos)),
    path("orders/<uuid:order>/receipt-mail", at(post=receipts.mail)),
    path("receipt.escpos", at(post=receipts.escpos_of_sale)),
    path("payouts", at(get=paying.payouts)),
    path("payouts/hand-out", at(post=paying.hand_out)),
    path("pickups", at(get=pickups.pickups)),
    path("pickups/hand-over", at(post=pickups.hand_over)),
    path("drawer", at(get=drawers.drawer)),
    path("drawers", at(get=drawers.open_ones)),
    path("drawer/open", at(post=drawers.open_drawer)),
    path("drawer/join", at(post=drawers.join_drawer)),
    path("drawer/pay-in", at(post=drawers.pay_in)),
    path("drawer/pay-out", at(post=drawers.pay_out)),
    path("drawer/report", at(get=drawers.report)),
    path("drawer/report.escpos", at(get=drawers.report_escpos)),
    path("drawer/close", at(post=drawers.close_drawer)),
    path("sync", at(post=syncing.sync)),
    path("conflicts", at(get=syncing.conflicts)),
    path("conflicts/<uuid:sale>/accept", at(post=syncing.accept)),
    path("conflicts/<uuid:sale>/cancel", at(post=syncing.cancel)),
]

urlpatterns = [
    path("", files.shell, name="till"),
    path("sw.js", files.worker, name="worker"),
    path("manifest.webmanifest", files.manifest, name="manifest"),
    path("texts/<str:language>.json", files.texts, name="texts"),
    *(path(f"api/{one.pattern}", one.callback) for one in api),
    re_path(r"^api/.*$", nothing),
    re_path(r"^(?P<route>[a-z0-9/_-]*)$", files.shell),
]
