from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class Timeline(AppConfig):
    name = "samband.timeline"
    label = "timeline"

    def ready(self) -> None:
        from samband.events import learn_all

        learn_all()
        for app in apps.get_app_configs():
            if app.name.startswith("samband.") and find_spec(f"{app.name}.reactions"):
                import_module(f"{app.name}.reactions")
