"""AWS CloudTrail."""

import time

from moto.cloudtrail.models import cloudtrail_backends

from .access import enabled_regions, organization_of
from .organizations import is_delegated_administrator
from .wire import Answer, Call, World

DEFAULT_SELECTOR = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def trails_of(account: str):
    return [trail for backend in list(cloudtrail_backends[account].values()) for trail in list(backend.trails.values())]


def members_see_the_organization_trail(call: Call, world: World) -> Answer | None:
    """moto shows a trail to its owner alone, with null for what is not set, and says of none that it has selectors.

    AWS: CloudTrail User Guide, "Creating a trail for an organization": it appears in every member account under the
    owner's ARN, unless it lacks the trail's home Region; API Reference, DescribeTrails: shadow trails of multi-Region
    and of organization trails.
    """
    if call.name != "cloudtrail:DescribeTrails" or call.parameters.get("trailNameList"):
        return None
    trails = trails_of(call.account)
    organization = organization_of(call.account)
    if organization and organization.account_id != call.account:
        regions = enabled_regions(call.account, world)
        shared = [trail for trail in trails_of(organization.account_id) if trail.is_org_trail]
        trails += [trail for trail in shared if trail.region_name in regions]
    if call.parameters.get("includeShadowTrails") is False:
        trails = [trail for trail in trails if (trail.account_id, trail.region_name) == (call.account, call.region)]
    seen = [trail for trail in trails if trail.is_multi_region or trail.region_name == call.region]
    return call.ok({"trailList": [described(trail) for trail in seen]})


def described(trail) -> dict:
    said = trail.description(include_region=True) | {
        "HasCustomEventSelectors": bool(trail.event_selectors or trail.advanced_event_selectors),
        "HasInsightSelectors": bool(trail.insight_selectors),
    }
    return {name: value for name, value in said.items() if value is not None}


def the_delegated_administrator_reads_the_organization_trail(call: Call, world: World) -> Answer | None:
    """moto finds a trail by ARN in its owner's account alone.

    AWS: CloudTrail User Guide, "Organization delegated administrator": it manages the organization's trails, by ARN,
    while the management account stays their owner.
    """
    if call.name in ("cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors", "cloudtrail:GetInsightSelectors"):
        organization = organization_of(call.account)
        if organization and is_delegated_administrator(call.account):
            named = call.parameters.get("Name") or call.parameters.get("TrailName")
            if any(trail.arn == named and trail.is_org_trail for trail in trails_of(organization.account_id)):
                call.asked = organization.account_id
    return None


def tags_are_the_owners(call: Call, world: World) -> Answer | None:
    """moto lists tags of any ARN.

    AWS: CloudTrail API Reference, ListTags (CloudTrailARNInvalidException); its words are those that users report.
    """
    if call.name != "cloudtrail:ListTags":
        return None
    for arn in call.parameters["ResourceIdList"]:
        if arn.split(":")[4] != call.account:
            message = f"AccountID in ARN is wrong, you can only access resources with AccountID {call.account}."
            return call.refuse("CloudTrailARNInvalidException", message)
    return None


def a_status_tells_of_deliveries(call: Call, answer: Answer, world: World) -> Answer:
    """moto's status holds no errors, and no times of digests, notifications and CloudWatch Logs.

    AWS: CloudTrail API Reference, GetTrailStatus. What is planted for a trail is laid over; a trail that logs has
    otherwise delivered to all of its destinations a moment ago.
    """
    if call.name != "cloudtrail:GetTrailStatus" or answer.status != 200:
        return answer
    named = call.parameters["Name"]
    trail = next(trail for trail in trails_of(call.asked) if named in (trail.arn, trail.trail_name))
    status = {name: value for name, value in answer.json().items() if value not in ("", None)}
    if trail.status.is_logging:
        now = int(time.time())
        status["LatestDeliveryTime"] = now
        status |= {"LatestDigestDeliveryTime": now} if trail.log_validation else {}
        status |= {"LatestNotificationTime": now} if trail.sns_topic_name else {}
        status |= {"LatestCloudWatchLogsDeliveryTime": now} if trail.cw_log_group_arn else {}
    status |= world.statuses.get(trail.arn, {})
    return answer.with_json({name: value for name, value in status.items() if value is not None})


def a_trail_without_selectors_has_the_default_one(call: Call, answer: Answer, world: World) -> Answer:
    """moto answers two empty lists.

    AWS: CloudTrail API Reference, PutEventSelectors: without selectors of its own a trail logs all management events;
    GetEventSelectors shows that as one basic selector, and of the two kinds only the one in use.
    """
    if call.name != "cloudtrail:GetEventSelectors" or answer.status != 200:
        return answer
    selectors = answer.json()
    if selectors.get("AdvancedEventSelectors"):
        selectors.pop("EventSelectors", None)
    else:
        selectors.pop("AdvancedEventSelectors", None)
        selectors["EventSelectors"] = selectors.get("EventSelectors") or [DEFAULT_SELECTOR]
    return answer.with_json(selectors)
