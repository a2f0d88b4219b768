from django.apps import AppConfig


class KioskConfig(AppConfig):
    name = "samband.channels.kiosk"
    label = "kiosk"
