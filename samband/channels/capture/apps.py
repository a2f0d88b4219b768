from django.apps import AppConfig


class CaptureConfig(AppConfig):
    name = "samband.channels.capture"
    label = "capture"
