from django.apps import AppConfig


class Tills(AppConfig):
    name = "samband.commerce.tills"
    label = "tills"
