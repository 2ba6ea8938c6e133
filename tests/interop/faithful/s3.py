"""Amazon S3."""

from xml.sax.saxutils import escape

from moto.s3.models import FakeBucket, s3_backends

from .access import PARTITION
from .wire import Answer, Call, World

PAGE_LIMIT = 10_000
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def bucket_named(name: str) -> FakeBucket | None:
    partition, owner = s3_backends.bucket_accounts.get(name, (None, None))
    return s3_backends[owner][partition].buckets.get(name) if owner else None


def new_buckets_are_encrypted() -> None:
    """moto's new buckets have no default encryption.

    AWS: S3 User Guide, "Setting default server-side encryption behavior": SSE-S3 since 5 January 2023. What the seeder
    deletes stays deleted, as the error for it stands in the API Reference still.
    """
    original = FakeBucket.__init__

    def init(self, *arguments, **named):
        original(self, *arguments, **named)
        self.encryption = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}

    if getattr(original, "__name__", "") != init.__name__:
        FakeBucket.__init__ = init


def buckets_are_listed_with_regions_in_pages(call: Call, world: World) -> Answer | None:
    """moto gives neither the Regions of buckets nor a token for the next page.

    AWS: S3 API Reference, ListBuckets (BucketRegion, ContinuationToken, prefix; at most 10,000 a page).
    """
    if call.name != "s3:ListBuckets":
        return None
    prefix, after = call.query("prefix") or "", call.query("continuation-token") or ""
    size = min(int(call.query("max-buckets") or PAGE_LIMIT), PAGE_LIMIT)
    mine = s3_backends[call.account][PARTITION].buckets.values()
    names = sorted(bucket.name for bucket in mine if bucket.name.startswith(prefix) and bucket.name > after)
    rows = ""
    for bucket in map(bucket_named, names[:size]):
        rows += f"<Bucket><Name>{bucket.name}</Name><CreationDate>{bucket.creation_date_ISO8601}</CreationDate>"
        rows += f"<BucketRegion>{bucket.region_name}</BucketRegion></Bucket>"
    more = f"<ContinuationToken>{names[size - 1]}</ContinuationToken>" if len(names) > size else ""
    return call.ok_xml(
        f'<ListAllMyBucketsResult xmlns="{NAMESPACE}"><Owner><ID>{call.account}</ID></Owner>'
        f"<Buckets>{rows}</Buckets>{more}<Prefix>{escape(prefix)}</Prefix></ListAllMyBucketsResult>"
    )


def buckets_are_their_owners_and_answer_in_their_region(call: Call, world: World) -> Answer | None:
    """moto answers for every bucket to everybody in every Region.

    AWS: S3 API Reference, HeadBucket (`x-amz-bucket-region` whatever the permissions), "Error responses"
    (PermanentRedirect, 301); GetBucketVersioning and others: "you must be the bucket owner". No bucket policy of the
    seed lets another account in, so that none is evaluated.
    """
    if call.service != "s3" or "Bucket" not in call.parameters:
        return None
    bucket = bucket_named(call.parameters["Bucket"])
    if bucket is None:
        return None
    where = [("x-amz-bucket-region", bucket.region_name)]
    expected = call.header("x-amz-expected-bucket-owner")
    if bucket.account_id != call.account or expected not in (None, bucket.account_id):
        return call.refuse("AccessDenied", "Access Denied", 403, where)
    if bucket.region_name != call.region:
        message = "The bucket you are attempting to access must be addressed using the specified endpoint."
        return call.refuse("PermanentRedirect", message, 301, where)
    return None


def buckets_say_who_pays(call: Call, world: World) -> Answer | None:
    """moto lists the objects where it is asked who pays for requests.

    AWS: S3 API Reference, GetBucketRequestPayment (BucketOwner, unless it was changed).
    """
    bucket = call.parameters.get("Bucket", "")
    if call.name != "s3:GetBucketRequestPayment" or bucket_named(bucket) is None:
        return None
    payer = f"<Payer>{'Requester' if bucket in world.requester_pays else 'BucketOwner'}</Payer>"
    return call.ok_xml(f'<RequestPaymentConfiguration xmlns="{NAMESPACE}">{payer}</RequestPaymentConfiguration>')


def versioning_tells_of_mfa_delete(call: Call, answer: Answer, world: World) -> Answer:
    """moto drops MfaDelete, and names the document's root after the operation.

    AWS: S3 API Reference, GetBucketVersioning (`VersioningConfiguration`, empty where versioning was never set).
    """
    if call.name != "s3:GetBucketVersioning" or answer.status != 200:
        return answer
    bucket = bucket_named(call.parameters["Bucket"])
    status = f"<Status>{bucket.versioning_status}</Status>" if bucket.versioning_status else ""
    status += "<MfaDelete>Enabled</MfaDelete>" if bucket.name in world.mfa_delete else ""
    return call.ok_xml(f'<VersioningConfiguration xmlns="{NAMESPACE}">{status}</VersioningConfiguration>')


def a_default_retention_has_one_unit(call: Call, answer: Answer, world: World) -> Answer:
    """moto gives zero for the unit of time that is not set.

    AWS: S3 API Reference, DefaultRetention: "must have either the Days or Years", not both.
    """
    if call.name != "s3:GetObjectLockConfiguration":
        return answer
    body = answer.body.replace(b"<Years>0</Years>", b"").replace(b"<Days>0</Days>", b"")
    return Answer(answer.status, answer.headers, body)
