from django.apps import AppConfig


class Console(AppConfig):
    name = "samband.console"
    label = "console"
