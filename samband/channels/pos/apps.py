from django.apps import AppConfig


class Pos(AppConfig):
    name = "samband.channels.pos"
    label = "pos"
