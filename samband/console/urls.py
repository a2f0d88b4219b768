"""The console's addresses. Every view here says which part it belongs to."""

from django.urls import path

from .views import (
    bank_transfers,
    catalog,
    customers,
    delivery,
    gift_cards,
    home,
    orders,
    pickups,
    prices,
    signing_in,
    spots,
    staff,
    stock,
)

app_name = "console"

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("language/", signing_in.speak, name="language"),
    path("orders/", orders.found, name="orders"),
    path("orders/unsettled/", orders.unsettled, name="unsettled"),
    path("gift-cards/", gift_cards.found, name="gift-cards"),
    path("gift-cards/<uuid:card_id>/", gift_cards.card, name="gift-card"),
    path("bank-transfers/", bank_transfers.desk, name="bank-transfers"),
    path("orders/<uuid:order_id>/", orders.by_id, name="order-by-id"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("pickups/", pickups.desk, name="pickups"),
    path("pickups/<uuid:fulfillment_id>/", pickups.fulfillment, name="fulfillment"),
    path("customers/", customers.found, name="customers"),
    path("customers/<uuid:customer_id>/", customers.customer, name="customer"),
    path("catalog/", catalog.products, name="products"),
    path("catalog/new/", catalog.new_product, name="new-product"),
    path("catalog/products/<uuid:product_id>/", catalog.product, name="product"),
    path("catalog/categories/", catalog.categories, name="categories"),
    path("catalog/categories/<slug:slug>/", catalog.category, name="category"),
    path("prices/", prices.price_lists, name="price-lists"),
    path("prices/sku/<path:sku>/", prices.of_sku, name="sku-prices"),
    path("prices/lists/<str:code>/", prices.price_list, name="price-list"),
    path("stock/", stock.levels, name="stock"),
    path("stock/receive/", stock.receive, name="stock-receive"),
    path("stock/move/", stock.move, name="stock-move"),
    path("stock/adjust/", stock.adjust, name="stock-adjust"),
    path("stock/count/", stock.count, name="stock-count"),
    path("stock/sku/<path:sku>/", stock.of_sku, name="sku-stock"),
    path("spots/", spots.spots, name="spots"),
    path("spots/print/", spots.sheet, name="spot-sheet"),
    path("delivery/", delivery.backlog, name="delivery"),
    path("staff/", staff.colleagues, name="staff"),
    path("keys/", staff.keys, name="keys"),
]
