"""Corrections laid over moto: where it answers otherwise than AWS for the calls of a CloudTrail inventory.

Each correction is one function. Its docstring says in its first line what moto lacks or does otherwise, and after
"AWS:" the page of AWS's documentation that it follows. `BEFORE` functions may answer a call in moto's place or change
it on its way; `AFTER` functions may change moto's answer; `INSTALL` functions change moto's models once. `cbor`
changes no answer: it tells moto in JSON what it is asked in CBOR.
"""

from . import access, account, cbor, cloudtrail, cloudwatch, config, kms, lake, organizations, s3, sns, tagging
from .wire import Answer, Call, World

INSTALL = [
    lake.there_are_event_data_stores,
    organizations.cloudtrail_may_be_delegated,
    s3.new_buckets_are_encrypted,
]

BEFORE = [
    access.unknown_credentials_are_refused,
    access.regions_that_are_off_are_refused,
    access.writes_are_refused_and_counted,
    access.session_policies_hold,
    access.roles_must_exist_and_trust,
    account.regions_are_listed,
    organizations.only_its_administrators_list_an_organization,
    organizations.accounts_come_twenty_a_page,
    cloudtrail.members_see_the_organization_trail,
    cloudtrail.the_delegated_administrator_reads_the_organization_trail,
    cloudtrail.tags_are_the_owners,
    config.channels_tell_how_delivery_goes,
    s3.buckets_are_listed_with_regions_in_pages,
    s3.buckets_are_their_owners_and_answer_in_their_region,
    s3.buckets_say_who_pays,
    kms.keys_are_their_owners,
    kms.the_policy_name_has_a_default,
]

AFTER = [
    cloudtrail.a_status_tells_of_deliveries,
    cloudtrail.a_trail_without_selectors_has_the_default_one,
    cloudwatch.alarms_come_a_hundred_a_page,
    cloudwatch.metric_filters_come_fifty_a_page,
    organizations.policies_of_a_type_that_is_not_in_use_are_nowhere,
    s3.versioning_tells_of_mfa_delete,
    s3.a_default_retention_has_one_unit,
    kms.rotation_names_the_key,
    sns.subscribers_must_answer,
    tagging.buckets_are_found_in_their_region,
]


class Faithful:
    """A WSGI application: moto behind the corrections."""

    def __init__(self, moto, world: World):
        self.moto = moto
        self.world = world
        for install in INSTALL:
            install()

    def __call__(self, environ, start_response):
        speaks_cbor = cbor.is_spoken(environ)
        call = Call.read(cbor.asked_in_json(environ) if speaks_cbor else environ)
        if call.seeds:
            return self.moto(call.environ_for_moto(), start_response)
        answer = self.answer(call)
        self.world.remember(call, answer)
        answer = cbor.answered(call, answer) if speaks_cbor else answer
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body
        headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
        start_response(f"{answer.status} -", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def answer(self, call: Call) -> Answer:
        for correct in BEFORE:
            answer = correct(call, self.world)
            if answer is not None:
                return answer
        answer = call.ask(self.moto)
        for correct in AFTER:
            answer = correct(call, answer, self.world)
        return answer
