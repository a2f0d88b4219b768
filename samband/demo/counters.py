"""The counters of the demo stores: tills with cashiers, vans that bring goods in slots, stock kept for the shop."""

from contextlib import suppress
from datetime import time
from uuid import UUID, uuid5

from samband.commerce.fulfillment import arranging
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.inventory.giving_back import GiveBack
from samband.commerce.inventory.refusals import FenceExists, NotEnoughStock
from samband.commerce.tills import commands as tills
from samband.commerce.tills import queries as till_queries
from samband.staff import commands as staff
from samband.staff import pins
from samband.staff.refusals import AlreadyThere

from .assortment import Assortment
from .places import SITES, Site

PIN = "4711"
"""The PIN of everybody at the demo's tills."""

_IDS = UUID("0196a0de-0000-7000-8000-5a3b0000de31")
CASHIERS = (
    ("till-rvk@samband.example", "Birna Sigurðardóttir", "cashier", "RVK", "is"),
    ("till-waw@samband.example", "Piotr Kowalski", "cashier", "WAW", "pl"),
    ("till-rix@samband.example", "Līga Ozola", "cashier", "RIX", "lv"),
    ("till-ath@samband.example", "Νίκος Γεωργίου", "cashier", "ATH", "el"),
    ("store@samband.example", "Sigrún Árnadóttir", "manager", "RVK", "is"),
)
SLOTS = ((time(10), time(13)), (time(14), time(17)), (time(18), time(21)))
KEPT_FOR_THE_SHOP = 2


def open_counters(assortment: Assortment, password: str) -> None:
    """Put everything in its place; twice changes nothing."""
    man_tills(password)
    for site in SITES:
        if site.kind == "store":
            _send_vans(site)
    _keep_sofas(assortment)


def man_tills(password: str) -> None:
    """A till in every store, somebody to stand at it, and somebody to whom they turn."""
    for email, name, role, location, language in CASHIERS:
        member_id = _id(email)
        try:
            staff.add_member(email, name, role, password, location=location, language=language, member_id=member_id)
        except AlreadyThere:
            continue
        pins.set_pin(member_id, PIN)
    known = {device.id for device in till_queries.devices()}
    for site in SITES:
        if site.kind == "store" and _till(site.code) not in known:
            tills.save_device(_till(site.code), f"{site.address['city']} 1", site.code, "pos")


def _send_vans(site: Site) -> None:
    """Three rounds a day to whoever lives in the store's city."""
    for starts, ends in SLOTS:
        arranging.save_slot_rule(
            _id(f"slot-{site.code}-{starts}"),
            location=site.code,
            country=site.market,
            time_zone=site.time_zone,
            days=("mon", "tue", "wed", "thu", "fri", "sat"),
            starts=starts,
            ends=ends,
            capacity=8,
            postcodes=(_city(site),),
        )


def _city(site: Site) -> str:
    """The beginning of the postcodes in the store's city."""
    written = site.address["postcode"].replace(" ", "").replace("-", "")
    return written[: 4 if written.startswith("LV") else 2]


def _keep_sofas(assortment: Assortment) -> None:
    """Of one sofa two are kept for the web shop in Reykjavík, until the house runs short of them."""
    sofa = next(product for product in assortment.products if product.category == "sofas")
    for variant in sofa.variants:
        free = {at.location: at.available for at in stock.available([variant.sku])[variant.sku]}
        if free.get("RVK", 0) > KEPT_FOR_THE_SHOP:
            kept, rules = _id(f"fence-{variant.sku}"), GiveBack(idle_days=30, free_below=3)
            with suppress(FenceExists, NotEnoughStock):
                inventory.fence(kept, "shop", "RVK", variant.sku, KEPT_FOR_THE_SHOP, give_back=rules)
            return


def enrolment() -> tuple[str, str] | None:
    """A till of the demo that waits to be put to use, with a code that does it once; None if there is none."""
    for device in till_queries.devices():
        if device.id == _till("RVK") and device.state != "revoked":
            return device.name, tills.enrolment_code(device.id)
    return None


def _till(location: str) -> UUID:
    return _id(f"till-{location}")


def _id(name: str) -> UUID:
    return uuid5(_IDS, name)
