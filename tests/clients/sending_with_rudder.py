"""A retailer's program that uses RudderStack's client for Python. Arguments: address, write key, how many of each."""

import json
import sys

from rudderstack.analytics.client import Client

host, key, amount = sys.argv[1], sys.argv[2], int(sys.argv[3])
failed: list[str] = []
sent: list[str] = []
client = Client(
    key, host=host, on_error=lambda error, items: failed.extend(item["messageId"] for item in items),
    upload_size=20, upload_interval=0.1,
)  # fmt: skip
for nth in range(amount):
    who, mark = f"rudder-user-{nth % 7}", f"mark-rudder-{nth}"
    told = [
        client.identify(who, {"email": f"{who}@customer.example", "mark": f"{mark}-i"}),
        client.track(who, "Product Added", {"sku": "FU-SOF", "price": 19.5, "currency": "EUR", "mark": f"{mark}-t"}),
        client.page(who, "Docs", "Python", {"mark": f"{mark}-p"}),
        client.screen(who, "Home", "App", {"mark": f"{mark}-s"}),
        client.group(who, "club", {"mark": f"{mark}-g"}),
        client.track(anonymous_id=f"rudder-cookie-{nth}", event="Cart Viewed", properties={"mark": f"{mark}-a"}),
    ]
    sent += [message["messageId"] for _, message in told]
client.flush()
client.join()
print(json.dumps({"sent": sent, "failed": failed}))
