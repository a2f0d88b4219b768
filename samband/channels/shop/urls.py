from django.urls import include, path, register_converter

from . import browsing, carting, choosing, home, product
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
]
urlpatterns = [
    path("", choosing.choose, name="root"),
    path("<front:front>/", include(pages)),
]
