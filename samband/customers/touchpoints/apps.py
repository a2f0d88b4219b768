from django.apps import AppConfig


class TouchpointsConfig(AppConfig):
    name = "samband.customers.touchpoints"
    label = "touchpoints"
