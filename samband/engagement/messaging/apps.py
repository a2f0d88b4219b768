from django.apps import AppConfig


class Messaging(AppConfig):
    name = "samband.engagement.messaging"
    label = "messaging"

    def ready(self) -> None:
        from . import sending  # noqa: F401  puts the sender on the rota
