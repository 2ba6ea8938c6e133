"""Amazon Simple Notification Service."""

import re

from .wire import Answer, Call, World

SUBSCRIPTION = re.compile(rb"<SubscriptionArn>[^<]*</SubscriptionArn>")


def subscribers_must_answer(call: Call, answer: Answer, world: World) -> Answer:
    """moto gives every subscription an ARN at once.

    AWS: SNS API Reference, Subscribe: an endpoint of another account, or one that is no endpoint of AWS, must confirm;
    SNS Developer Guide, "Confirm the subscription": until then `PendingConfirmation` stands for the ARN.
    """
    if call.name != "sns:ListSubscriptionsByTopic" or call.parameters["TopicArn"] not in world.unconfirmed:
        return answer
    body = SUBSCRIPTION.sub(b"<SubscriptionArn>PendingConfirmation</SubscriptionArn>", answer.body)
    return Answer(answer.status, answer.headers, body)
