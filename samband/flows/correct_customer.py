"""Correcting one's own e-mail address: the new one is proved by a code that is mailed to it, the old one is told."""

from uuid import UUID

from django.db import transaction

from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries, rules
from samband.customers.accounts.refusals import EmailTaken
from samband.engagement.messaging import commands as messaging
from samband.events.rights import EmailProved
from samband.kernel.ids import new_id
from samband.timeline import record


@transaction.atomic
def ask_proof(email: str, language: str) -> None:
    """Mail a code to an address, for whoever must show that it is theirs. Raises NotAnEmail, TooManyCodes."""
    asked = accounts.ask_code(email, language)
    messaging.queue(
        kind="proof_code",
        send_key=str(asked.id),
        email=asked.email,
        language=language,
        about=f"sign_in_code:{asked.id}",
        facts={"code": asked.code},
    )


def prove(email: str, code: str) -> None:
    """Show that an address is theirs. Raises WrongCode, NotAnEmail."""
    accounts.prove(email, code)


def ask_new_email(account: UUID, email: str, language: str) -> str:
    """Mail a code to the address that shall be theirs from now on; the address in its form.

    Raises NotAnEmail, TooManyCodes. That another customer has it is not told before it is proved.
    """
    clean = rules.email(email)
    queries.customer(account)
    ask_proof(clean, language)
    return clean


def take_new_email(account: UUID, email: str, code: str) -> None:
    """The address is proved and theirs. Raises WrongCode, EmailTaken, NotFound."""
    clean = rules.email(email)
    accounts.prove(clean, code)
    holder = queries.by_email(clean)
    if holder is not None and holder.id != account:
        raise EmailTaken()
    before = queries.customer(account)
    with transaction.atomic():
        accounts.change(account, email=clean)
        record(EmailProved(customer_id=account))
        if before.email and before.email != clean:
            messaging.queue(
                "email_changed",
                f"email_changed:{new_id()}",
                email=before.email,
                language=before.language,
                about=f"customer:{account}",
                facts={},
                customer_id=account,
            )
