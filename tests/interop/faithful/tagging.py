"""AWS Resource Groups Tagging."""

from .s3 import bucket_named
from .wire import Answer, Call, World


def buckets_are_found_in_their_region(call: Call, answer: Answer, world: World) -> Answer:
    """moto gives the buckets of all Regions in each.

    AWS: Resource Groups Tagging API Reference, GetResources: "resources that are located in the specified AWS Region".
    """
    if call.name != "tagging:GetResources" or answer.status != 200:
        return answer
    document = answer.json()
    rows = document["ResourceTagMappingList"]
    document["ResourceTagMappingList"] = [row for row in rows if is_here(row["ResourceARN"], call.region)]
    return answer.with_json(document)


def is_here(arn: str, region: str) -> bool:
    bucket = bucket_named(arn.rpartition(":")[2]) if arn.startswith("arn:aws:s3:::") else None
    return bucket is None or bucket.region_name == region
