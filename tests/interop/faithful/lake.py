"""AWS CloudTrail Lake."""

import json
import time

from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.exceptions import JsonRESTError
from moto.moto_api._internal import mock_random

MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
DEFAULTS = {
    "AdvancedEventSelectors": [{"Name": "Default management events", "FieldSelectors": [MANAGEMENT]}],
    "MultiRegionEnabled": True,
    "OrganizationEnabled": False,
    "RetentionPeriod": 366,
    "TerminationProtectionEnabled": True,
    "BillingMode": "EXTENDABLE_RETENTION_PRICING",
}


def there_are_event_data_stores() -> None:
    """moto knows no operation of CloudTrail Lake, and breaks.

    AWS: CloudTrail API Reference, CreateEventDataStore (defaults), StopEventDataStoreIngestion, PutResourcePolicy,
    ListEventDataStores ("in the account, in the current Region"; ARNs and names, the other elements being deprecated),
    GetEventDataStore (by ARN or id), GetResourcePolicy (ResourcePolicyNotFoundException).
    """
    operations = (create_event_data_store, stop_event_data_store_ingestion, put_resource_policy)
    for operation in (*operations, list_event_data_stores, get_event_data_store, get_resource_policy):
        setattr(CloudTrailResponse, operation.__name__, operation)


def stores_of(asked: CloudTrailResponse) -> dict[str, dict]:
    return asked.cloudtrail_backend.__dict__.setdefault("event_data_stores", {})


def store_named(asked: CloudTrailResponse, parameter: str, missing: str) -> dict:
    named = asked._get_param(parameter)
    for arn, store in stores_of(asked).items():
        if named in (arn, arn.rpartition("/")[2]):
            return store
    raise JsonRESTError(missing, "The specified event data store was not found.")


def described(store: dict) -> str:
    return json.dumps({name: value for name, value in store.items() if name != "ResourcePolicy"})


def create_event_data_store(self: CloudTrailResponse) -> str:
    given = {name: value for name, value in json.loads(self.body).items() if name != "StartIngestion"}
    arn = f"arn:aws:cloudtrail:{self.region}:{self.current_account}:eventdatastore/{mock_random.uuid4()}"
    now = int(time.time())
    made = {"EventDataStoreArn": arn, "Status": "ENABLED", "CreatedTimestamp": now, "UpdatedTimestamp": now}
    stores_of(self)[arn] = DEFAULTS | given | made
    # Ingestion begins a moment after the answer.
    return described(stores_of(self)[arn] | {"Status": "CREATED"})


def stop_event_data_store_ingestion(self: CloudTrailResponse) -> str:
    store_named(self, "EventDataStore", "EventDataStoreNotFoundException")["Status"] = "STOPPED_INGESTION"
    return "{}"


def put_resource_policy(self: CloudTrailResponse) -> str:
    store = store_named(self, "ResourceArn", "ResourceNotFoundException")
    store["ResourcePolicy"] = self._get_param("ResourcePolicy")
    return json.dumps({"ResourceArn": store["EventDataStoreArn"], "ResourcePolicy": store["ResourcePolicy"]})


def list_event_data_stores(self: CloudTrailResponse) -> str:
    names = ("EventDataStoreArn", "Name")
    return json.dumps({"EventDataStores": [{name: store[name] for name in names} for store in stores_of(self).values()]})


def get_event_data_store(self: CloudTrailResponse) -> str:
    return described(store_named(self, "EventDataStore", "EventDataStoreNotFoundException"))


def get_resource_policy(self: CloudTrailResponse) -> str:
    store = store_named(self, "ResourceArn", "ResourceNotFoundException")
    if "ResourcePolicy" not in store:
        raise JsonRESTError("ResourcePolicyNotFoundException", "The specified resource policy is not found.")
    return json.dumps({"ResourceArn": store["EventDataStoreArn"], "ResourcePolicy": store["ResourcePolicy"]})
