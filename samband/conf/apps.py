from django.apps import AppConfig


class Conf(AppConfig):
    """Comes last, so that every room stands when the wiring plugs them together."""

    name = "samband.conf"
    label = "conf"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from . import speaking, wiring

        connection_created.connect(speaking.settle, dispatch_uid="samband.conf.speaking")
        wiring.plug_in()
