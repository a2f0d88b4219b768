from django.apps import AppConfig


class Proposing(AppConfig):
    name = "samband.customers.identity.proposing"
    label = "matching"
