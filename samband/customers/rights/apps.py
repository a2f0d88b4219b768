from django.apps import AppConfig


class Rights(AppConfig):
    name = "samband.customers.rights"
    label = "rights"
