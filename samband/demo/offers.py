"""The demo retailer's offers: a few of each kind, so that there is something to see on every channel."""

from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.promotions import (
    Amount,
    BuyGet,
    FreeSample,
    FreeShipping,
    Goods,
    Needs,
    Percent,
    Promotion,
    Tier,
    Tiered,
)
from samband.commerce.pricing.refusals import CouponTaken

SAMPLE = "CO-SOA-KOL-MIN"
COUPONS = {"welcome": "WELCOME10", "thank-you": "TAKK500"}
"""Codes that anybody may try, by promotion."""

OFFERS: tuple[Promotion, ...] = (
    Promotion(
        code="happy-hour",
        names={
            "en": "Café happy hour",
            "is": "Góð stund í kaffihúsinu",
            "pl": "Szczęśliwa godzina w kawiarni",
            "lv": "Kafejnīcas laimīgā stunda",
            "el": "Ευτυχισμένη ώρα στο καφέ",
        },
        deal=Percent(basis_points=2_000, goods=Goods(categories=frozenset({"bakery"}))),
        weekdays=frozenset({"mon", "tue", "wed", "thu", "fri"}),
        from_hour="15:00",
        until_hour="17:00",
        stack_group="cafe",
    ),
    Promotion(
        code="three-for-two",
        names={
            "en": "Candles: three for two",
            "is": "Kerti: þrjú fyrir tvö",
            "pl": "Świece: trzy w cenie dwóch",
            "lv": "Sveces: trīs par divu cenu",
            "el": "Κεριά: τρία στην τιμή των δύο",
        },
        deal=BuyGet(buy=2, get=1, goods=Goods(categories=frozenset({"candles"}))),
    ),
    Promotion(
        code="the-more-the-less",
        names={
            "en": "Wall paint: the more, the less",
            "is": "Veggmálning: meira fyrir minna",
            "pl": "Farby: im więcej, tym taniej",
            "lv": "Krāsas: jo vairāk, jo lētāk",
            "el": "Χρώματα: όσο περισσότερα, τόσο φθηνότερα",
        },
        deal=Tiered(
            tiers=(Tier(quantity=3, basis_points=1_000), Tier(quantity=6, basis_points=2_000)),
            goods=Goods(categories=frozenset({"wall-paints"})),
        ),
    ),
    Promotion(
        code="reykjavik-lamps",
        names={
            "en": "Lamps in the Reykjavík store",
            "is": "Lampar í versluninni í Reykjavík",
            "pl": "Lampy w sklepie w Reykjavíku",
            "lv": "Lampas Reikjavīkas veikalā",
            "el": "Φωτιστικά στο κατάστημα του Ρέικιαβικ",
        },
        deal=Percent(basis_points=1_500, goods=Goods(categories=frozenset({"lamps"}))),
        places=("RVK",),
    ),
    Promotion(
        code="soap-with-cosmetics",
        names={
            "en": "A bar of soap with cosmetics",
            "is": "Sápustykki með snyrtivörum",
            "pl": "Mydło do kosmetyków",
            "lv": "Ziepes pie kosmētikas",
            "el": "Ένα σαπούνι με τα καλλυντικά",
        },
        deal=FreeSample(sku=SAMPLE),
        needs=Needs(
            worth={"EUR": 6_000, "GBP": 5_000, "PLN": 25_000, "ISK": 9_000},
            goods=Goods(categories=frozenset({"cosmetics"})),
        ),
    ),
    Promotion(
        code="club-sends-free",
        names={
            "en": "Free delivery for the club",
            "is": "Frí heimsending fyrir klúbbinn",
            "pl": "Darmowa dostawa dla klubu",
            "lv": "Kluba biedriem bezmaksas piegāde",
            "el": "Δωρεάν αποστολή για τα μέλη",
        },
        deal=FreeShipping(classes=frozenset({"parcel"})),
        groups=frozenset({"club"}),
    ),
    Promotion(
        code="welcome",
        names={
            "en": "Welcome: ten percent off",
            "is": "Velkomin: tíu prósenta afsláttur",
            "pl": "Na powitanie: dziesięć procent mniej",
            "lv": "Sveicināti: desmit procentu atlaide",
            "el": "Καλώς ήρθατε: δέκα τοις εκατό έκπτωση",
        },
        deal=Percent(basis_points=1_000),
        by_coupon=True,
        limit_per_customer=1,
    ),
    Promotion(
        code="thank-you",
        names={
            "en": "Thank you for coming back",
            "is": "Takk fyrir að koma aftur",
            "pl": "Dziękujemy za powrót",
            "lv": "Paldies, ka atgriezāties",
            "el": "Ευχαριστούμε που επιστρέψατε",
        },
        deal=Amount(amounts={"EUR": 500, "GBP": 500, "PLN": 2_000, "ISK": 700}),
        needs=Needs(worth={"EUR": 2_500, "GBP": 2_500, "PLN": 10_000, "ISK": 3_500}),
        by_coupon=True,
        limit_total=100,
    ),
)


def make_offers() -> None:
    """Begin the offers, and issue the codes that open some of them; twice changes nothing."""
    for offer in OFFERS:
        pricing.save_promotion(offer)
    for promotion, code in COUPONS.items():
        try:
            pricing.issue_coupons(promotion, codes=[code], limit_total=None, key=f"demo-coupon-{code}")
        except CouponTaken:
            continue
