"""What messaging knows of a person: messages that have not been sent yet still carry the address."""

from typing import Any
from uuid import UUID

from .models import Message


def export(customer_id: UUID) -> dict[str, Any]:
    """Everything kept here about the customer, as plain values."""
    return {"messages": list(Message.objects.filter(customer_id=customer_id).values())}


def erase(customer_id: UUID) -> None:
    """What is not sent will not be; what was sent is forgotten but for its having been."""
    mine = Message.objects.filter(customer_id=customer_id)
    mine.exclude(state="sent").delete()
    mine.update(contact_id=None)
