"""The rules for which nothing can be planted, each with what moto lacks for it."""

NO_STORES = "moto has no event data stores of CloudTrail Lake: none can be made, and none is listed"

BEYOND_MOTO = {
    "eds-cmk-encryption": NO_STORES,
    "eds-ingesting": NO_STORES,
    "eds-multi-region": NO_STORES,
    "eds-organization-enabled": NO_STORES,
    "eds-resource-policy": NO_STORES,
    "eds-retention": NO_STORES,
    "eds-selectors-not-narrowed": NO_STORES,
    "eds-termination-protection": NO_STORES,
}
