from django.apps import AppConfig


class Cart(AppConfig):
    name = "samband.commerce.cart"
    label = "cart"
