"""AWS Config."""

from moto.config.models import config_backends

from .wire import Answer, Call, World


def channels_tell_how_delivery_goes(call: Call, world: World) -> Answer | None:
    """moto keeps delivery channels, and does not know the operation that tells how they do.

    AWS: AWS Config API Reference, DescribeDeliveryChannelStatus. The documentation's examples give the status in capitals.
    """
    if call.name != "config:DescribeDeliveryChannelStatus":
        return None
    error = world.config_errors.get((call.account, call.region))
    told = {"lastStatus": "FAILURE", "lastErrorCode": error} if error else {"lastStatus": "SUCCESS"}
    channels = config_backends[call.account][call.region].delivery_channels
    statuses = [
        {"name": name, "configHistoryDeliveryInfo": told, "configStreamDeliveryInfo": {"lastStatus": "NOT_APPLICABLE"}}
        for name in channels
    ]
    return call.ok({"DeliveryChannelsStatus": statuses})
