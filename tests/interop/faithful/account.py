"""AWS Account Management."""

from .access import enabled_regions, ALWAYS_ON
from .wire import Answer, Call, World

OPT_IN = ["af-south-1", "ap-east-1", "eu-south-1", "me-south-1"]
"""Some of the Regions that an account has only after switching them on."""


def regions_are_listed(call: Call, world: World) -> Answer | None:
    """moto has no account:ListRegions.

    AWS: Account Management API Reference, ListRegions (states, at most 50 a page).
    """
    if call.name != "account:ListRegions":
        return None
    enabled = enabled_regions(call.account, world)
    rows = []
    for name in sorted({*enabled, *OPT_IN}):
        state = "ENABLED_BY_DEFAULT" if name in ALWAYS_ON else "ENABLED" if name in enabled else "DISABLED"
        rows.append({"RegionName": name, "RegionOptStatus": state})
    start, size = int(call.parameters.get("NextToken") or 0), int(call.parameters.get("MaxResults") or 20)
    page = {"Regions": rows[start : start + size]}
    if start + size < len(rows):
        page["NextToken"] = str(start + size)
    return call.ok(page)
