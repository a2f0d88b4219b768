"""Devices and people for the till: what the console would do, done at once."""

import json
from dataclasses import dataclass

from playwright.sync_api import BrowserContext

from tests.browser.pos_till import PIN
from tests.browser.running import House

SELLER = "Sólveig Till"

HIRE = """
import json, sys
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory.models import Hold
from samband.commerce.tills import commands as tills
from samband.kernel.ids import new_id
from samband.staff import commands as staff, pins
from samband.staff.models import Member
wish = json.loads(sys.argv[1])
# A store has only so much to set aside: what the tills of earlier tests held is on the shelf again.
for hold in Hold.objects.filter(kind="allotment", state="live"):
    inventory.give_back(hold.pk)
email = f"seller-{wish['location'].lower()}@samband.example"
member = Member.objects.filter(email=email).first() or staff.add_member(
    email, wish["seller"], "manager", "a-password-for-tests-2026", location=wish["location"]
)
pins.set_pin(member.pk, wish["pin"])
device = tills.new_device(wish["name"], wish["location"], wish["kind"])
code = tills.enrolment_code(device)
key = tills.enrol(code)[1] if wish["enrolled"] else ""
print(json.dumps({"device": str(device), "member": str(member.pk), "code": code, "key": key}))
"""


@dataclass(frozen=True)
class Enrolment:
    """A device, and who may stand at it (with the PIN of the tests). One without a key waits for its code."""

    device_id: str
    member_id: str
    code: str
    key: str

    def let_in(self, browser: BrowserContext, address: str) -> None:
        """Have a browser be this device, without anybody typing the code."""
        browser.add_cookies([{"name": "samband_device", "value": self.key, "url": f"{address}/pos/"}])


def enrolment(house: House, location: str = "ATH", name: str = "Till 1", *, enrolled: bool = False) -> Enrolment:
    """A new till in a store, and somebody there who may sell and decide on conflicts.

    Codes can be typed in ten times in ten minutes only, so a test of something else has its till `enrolled`.
    """
    wish = {"location": location, "name": name, "kind": "pos", "seller": SELLER, "pin": PIN, "enrolled": enrolled}
    told = json.loads(house.program(HIRE, json.dumps(wish)).splitlines()[-1])
    return Enrolment(told["device"], told["member"], told["code"], told["key"])
