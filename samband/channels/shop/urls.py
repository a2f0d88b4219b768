from django.urls import include, path, register_converter

from . import (
    account,
    arriving,
    browsing,
    carting,
    checkout,
    choosing,
    couponing,
    handing_over,
    home,
    maps,
    ordered,
    plain,
    product,
    signing_in,
)
from .storefronts import StorefrontConverter

register_converter(StorefrontConverter, "front")

app_name = "shop"
pages = [
    path("", home.home, name="home"),
    path("c/<slug:slug>/", browsing.category, name="category"),
    path("search/", browsing.search, name="search"),
    path("p/<slug:slug>/", product.product, name="product"),
    path("cart/", carting.cart, name="cart"),
    path("cart/add/", carting.add, name="cart-add"),
    path("cart/line/", carting.line, name="cart-line"),
    path("cart/settle/", carting.settle, name="cart-settle"),
    path("cart/move/", carting.move, name="cart-move"),
    path("cart/coupon/", couponing.enter, name="cart-coupon"),
    path("cart/coupon/drop/", couponing.drop, name="cart-coupon-drop"),
    path("cart/hand-over/", handing_over.show, name="cart-hand-over"),
    path("cart/hand-over/code.svg", handing_over.code, name="cart-hand-over-code"),
    path("cart/take/<str:token>/", handing_over.take, name="cart-take"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/back/", checkout.back, name="checkout-back"),
    path("order/", ordered.find, name="find-order"),
    path("order/<slug:number>/", ordered.order, name="order"),
    path("order/<slug:number>/cancel/", ordered.cancel, name="order-cancel"),
    path("sign-in/", signing_in.ask, name="sign-in"),
    path("sign-in/code/", signing_in.enter, name="sign-in-code"),
    path("sign-out/", signing_in.leave, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/particulars/", account.particulars, name="account-particulars"),
    path("account/address/", account.address, name="account-address"),
    path("account/address/remove/", account.remove_address, name="account-address-remove"),
    path("stores/", plain.stores, name="stores"),
    path("delivery/", plain.delivery, name="delivery"),
    path("returns/", plain.returns, name="returns"),
    path("privacy/", plain.privacy, name="privacy"),
    path("about/", plain.about, name="about"),
    path("sitemap.xml", maps.sitemap, name="sitemap"),
]
urlpatterns = [
    path("", choosing.choose, name="root"),
    path("robots.txt", maps.robots, name="robots"),
    path("favicon.ico", maps.favicon, name="favicon"),
    path("sitemap.xml", maps.index, name="sitemaps"),
    path("cart/take/<str:token>", arriving.take_cart, name="cart-arrives"),
    path("pay/<str:token>", arriving.pay, name="pay-link"),
    path("<front:front>/", include(pages)),
]
