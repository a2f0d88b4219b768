from django.apps import AppConfig


class Staff(AppConfig):
    name = "samband.staff"
    label = "staff"
