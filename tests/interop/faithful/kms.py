"""AWS Key Management Service."""

import re

from .wire import Answer, Call, World

KEY_ARN = re.compile(r"arn:aws:kms:[^:]+:(\d{12}):key/.+")


def keys_are_their_owners(call: Call, world: World) -> Answer | None:
    """moto answers that a key of another account does not exist.

    AWS: KMS Developer Guide, "Allowing users in other accounts to use a KMS key". No key policy of the seed lets
    another account in, so that none is evaluated.
    """
    key = KEY_ARN.fullmatch(str(call.parameters.get("KeyId"))) if call.service == "kms" else None
    if key is None or key.group(1) == call.account:
        return None
    message = (
        f"User is not authorized to perform: {call.name} on resource: {key.group()} "
        f"because no resource-based policy allows the {call.name} action"
    )
    return call.refuse("AccessDeniedException", message)


def the_policy_name_has_a_default(call: Call, world: World) -> Answer | None:
    """moto wants the name of the key policy.

    AWS: KMS API Reference, GetKeyPolicy, PolicyName: "If no policy name is specified, the default value is default".
    """
    if call.name == "kms:GetKeyPolicy" and not call.parameters.get("PolicyName"):
        call.change_json(PolicyName="default")
    return None


def rotation_names_the_key(call: Call, answer: Answer, world: World) -> Answer:
    """moto leaves the key's id out.

    AWS: KMS API Reference, GetKeyRotationStatus, response element KeyId.
    """
    if call.name != "kms:GetKeyRotationStatus" or answer.status != 200:
        return answer
    return answer.with_json({**answer.json(), "KeyId": call.parameters["KeyId"]})
