from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "samband.customers.profiles"
    label = "profiles"
