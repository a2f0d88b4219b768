from django.apps import AppConfig


class Orders(AppConfig):
    name = "samband.commerce.orders"
    label = "orders"
