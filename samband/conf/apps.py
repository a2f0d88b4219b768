from django.apps import AppConfig


class Conf(AppConfig):
    """Comes last, so that every room stands when the wiring plugs them together."""

    name = "samband.conf"
    label = "conf"

    def ready(self) -> None:
        from . import wiring

        wiring.plug_in()
