from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ShopConfig(AppConfig):
    name = "samband.channels.shop"
    label = "shop"

    def ready(self) -> None:
        from .visiting import open_source

        post_migrate.connect(open_source, sender=self, dispatch_uid="shop.visiting")
