"""What each operation of the API opens to. A new operation fails until somebody has decided and put it here."""

OPENED_BY: dict[str | None, str] = {
    None: """
        getHealth
    """,
    "carts:write": """
        addLines changeMarket dropCoupon enterCoupon getCart handCartOut listDeliverySlots listPaymentMethods
        noteSeen openCart putLine removeLine takeCartOver
    """,
    "catalog:read": """
        getOffer getProduct getProductByGtin getProductBySku listAssortment listAttributes listCategories
        listDifferences listGiftCardGoods listProducts
    """,
    "catalog:write": """
        attachMedium detachMedium publishProduct removeCategory saveAttribute saveCategory saveGiftCardGoods
        saveProduct withdrawProduct
    """,
    "customers:read": """
        getCustomer getCustomerTimeline getProfile getSegment getStory listAddresses listConsentEntries listConsents
        listCustomers listIdentifiers listMembers listPurposes listSegments listSegmentsOfCustomer mayWeUse
        sizeSegment
    """,
    "customers:write": """
        addAddress changeAddress changeCustomer decideWhoIsWho markIdentifier registerCustomer removeAddress
        removeSegment restoreAssertion retractAssertion saveSegment writeConsent
    """,
    "delivery:read": """
        getBacklog listSetAside
    """,
    "delivery:write": """
        retryDeliveries retryDelivery
    """,
    "fulfillment:write": """
        agreeToSubstitute declineSubstitute deliverParcel endSlotRule getFulfillment getPickList handOver
        leaveLineOut listPickups listServings listSlotRules makeReady pickLine proposeSubstitute readyToServe
        saveSlotRule shipParcel startPicking
    """,
    "orders:read": """
        countPromises getOrder getOrderStory getPayment getTimeline listChanges listFulfillments listOrders
        listOrdersOfCustomer listPayments listSubstitutes
    """,
    "orders:write": """
        cancelOrder checkOut dropPayment payOrder redirectParcel reduceLine rescheduleParcel settleOrder
        tokeniseCard
    """,
    "payments:write": """
        adjustGiftCard cancelGiftCard capturePayment getGiftCard issueGiftCard listPayouts listTransfers
        lookGiftCardUp noteTransfer payOut refundOrder refundPayment voidPayment
    """,
    "prices:read": """
        getPriceHistory getPromotion listCoupons listMarkets listPriceLists listPrices listPricesInLists
        listPromotions listShippingRates listVatRates
    """,
    "prices:write": """
        endCoupons endPromotion issueCoupons removePrices saveMarket savePriceList savePromotion saveShippingRate
        saveVatRate setPrices
    """,
    "privacy:read": """
        getCustomerData getPrivacyRequest listPrivacyRequests
    """,
    "privacy:write": """
        askPrivacy withdrawPrivacyRequest
    """,
    "stock:read": """
        getFence listAvailability listFences listLevels listLocations listLowStock listMoves listTransferProposals
    """,
    "stock:write": """
        adjustStock countStock fenceStock receiveStock releaseFence saveLocation setSafety transferStock
    """,
}
"""Every operation by the scope that its key must have; None is for those that anybody may ask."""

SHOWS_PERSONS = set(
    """
        getCustomer getCustomerData listAddresses listCustomers listIdentifiers
    """.split()
)
"""Operations whose answers say who somebody is, and not only by ids."""
