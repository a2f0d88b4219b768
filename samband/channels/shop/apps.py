from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ShopConfig(AppConfig):
    name = "samband.channels.shop"
    label = "shop"

    def ready(self) -> None:
        from samband.flows.telling.own_pages import open_source

        # Django tells only of apps that have tables, and the room's are those that are needed.
        room = apps.get_app_config("touchpoints")
        post_migrate.connect(open_source, sender=room, dispatch_uid="shop.visiting")
