from django.apps import AppConfig


class Fulfillment(AppConfig):
    name = "samband.commerce.fulfillment"
    label = "fulfillment"
