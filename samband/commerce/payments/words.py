"""What ways to pay are called, in five languages."""

METHOD_NAMES = {
    "card": {
        "en": "Payment card",
        "is": "Greiðslukort",
        "pl": "Karta płatnicza",
        "lv": "Maksājumu karte",
        "el": "Κάρτα πληρωμών",
    },
    "card_present": {
        "en": "Card at the terminal",
        "is": "Kort í posa",
        "pl": "Karta w terminalu",
        "lv": "Karte terminālī",
        "el": "Κάρτα στο τερματικό",
    },
    "pay_later": {
        "en": "Pay later",
        "is": "Greiða síðar",
        "pl": "Zapłać później",
        "lv": "Maksāt vēlāk",
        "el": "Πληρωμή αργότερα",
    },
    "gift_card": {
        "en": "Gift card",
        "is": "Gjafakort",
        "pl": "Karta podarunkowa",
        "lv": "Dāvanu karte",
        "el": "Δωροκάρτα",
    },
    "cash": {
        "en": "Cash",
        "is": "Reiðufé",
        "pl": "Gotówka",
        "lv": "Skaidra nauda",
        "el": "Μετρητά",
    },
    "on_delivery": {
        "en": "Cash on delivery",
        "is": "Greitt við afhendingu",
        "pl": "Za pobraniem",
        "lv": "Samaksa piegādes brīdī",
        "el": "Αντικαταβολή",
    },
    "transfer": {
        "en": "Bank transfer",
        "is": "Millifærsla",
        "pl": "Przelew bankowy",
        "lv": "Bankas pārskaitījums",
        "el": "Τραπεζικό έμβασμα",
    },
}

PLAN_NAMES = {
    "in-30-days": {
        "en": "In 30 days",
        "is": "Eftir 30 daga",
        "pl": "Za 30 dni",
        "lv": "Pēc 30 dienām",
        "el": "Σε 30 ημέρες",
    },
    "in-3": {
        "en": "In 3 parts",
        "is": "Í 3 hlutum",
        "pl": "W 3 ratach",
        "lv": "3 daļās",
        "el": "Σε 3 δόσεις",
    },
    "in-12": {
        "en": "In 12 parts",
        "is": "Í 12 hlutum",
        "pl": "W 12 ratach",
        "lv": "12 daļās",
        "el": "Σε 12 δόσεις",
    },
}
