from django.apps import AppConfig


class Accounts(AppConfig):
    name = "samband.customers.accounts"
    label = "accounts"
