"""How others find us, and how we reach them: the address, mail, and those who take the money."""

from collections.abc import Iterator

from django.conf import settings
from django.core.mail import get_connection

from samband.conf import environment

from .finding import Finding, look, well, wrong

REACH_SECONDS = 10
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def examine(reach: bool) -> Iterator[Finding]:
    yield _address()
    yield _proxies()
    yield _mail(reach)
    yield _transfers()
    yield _cards()


def _address() -> Finding:
    if settings.SECURE:
        return well("address", settings.SITE_URL)
    if environment.is_loopback():
        return well("address", f"{settings.SITE_URL}, seen from this machine only")
    advice = "Put a server that speaks TLS before it and set SAMBAND_SITE_URL to the https address."
    return wrong("address", f"{settings.SITE_URL} is open to others without https", advice)


def _proxies() -> Finding:
    if settings.SECURE and not settings.PROXIES:
        advice = "Set SAMBAND_PROXIES=1 (one that ends TLS): otherwise all customers seem to come from its address."
        return look("proxies", "none is believed, but there is https", advice)
    return well("proxies", f"{settings.PROXIES} believed")


def _mail(reach: bool) -> Finding:
    if not settings.EMAIL_HOST:
        if settings.SECURE:
            return wrong("mail", "written into files, sent to nobody", "Set SAMBAND_SMTP_HOST: nobody can sign in.")
        return well("mail", f"written into {settings.EMAIL_FILE_PATH}")
    told = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if reach:
        try:
            server = get_connection(SMTP, timeout=REACH_SECONDS)
            server.open()
            server.close()
        except OSError as error:  # an SMTPException is one
            return wrong(
                "mail", f"{told} does not answer ({type(error).__name__})", "Look at the SAMBAND_SMTP_ settings."
            )
    return well("mail", told)


def _transfers() -> Finding:
    if settings.SECURE and not settings.PAYEE_IBAN:
        return look("transfers", "there is no account they could go to", "Set SAMBAND_PAYEE_IBAN to offer them.")
    return well("transfers", settings.PAYEE_IBAN or "not offered")


def _cards() -> Finding:
    key = settings.STRIPE_SECRET_KEY
    if not key:
        if settings.SECURE:
            return wrong("cards", "the sandbox bank takes them: no money moves", "Set SAMBAND_STRIPE_SECRET_KEY.")
        return well("cards", "the sandbox bank's")
    if not settings.STRIPE_WEBHOOK_SECRET:
        advice = "Set SAMBAND_STRIPE_WEBHOOK_SECRET: what Stripe tells is not believed without it."
        return wrong("cards", "Stripe, but its notices cannot be checked", advice)
    if settings.SECURE and key.startswith(("sk_test_", "rk_test_")):
        return look("cards", "Stripe, with a key for tests", "Set the live key before you open.")
    return well("cards", "Stripe")
