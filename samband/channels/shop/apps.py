from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "samband.channels.shop"
    label = "shop"
