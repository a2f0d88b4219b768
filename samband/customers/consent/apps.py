from django.apps import AppConfig


class Consent(AppConfig):
    name = "samband.customers.consent"
    label = "consent"
