from django.apps import AppConfig


class Api(AppConfig):
    name = "samband.channels.api"
    label = "api"
