from django.apps import AppConfig


class Hooks(AppConfig):
    name = "samband.channels.hooks"
    label = "hooks"
