"""What is planted, and which verdict each part of it deserves."""

from dataclasses import dataclass, field

ROLE = "trailproof-audit"

RULES = {
    "organization": ("organization-trail", "tamper-alert-path"),
    "account": ("trail-exists-and-logging", "multi-region-trail"),
    "trail": (
        "log-file-validation",
        "kms-cmk-encryption",
        "s3-delivery-no-error",
        "global-service-events",
        "sns-notifications",
        "cloudwatch-logs-integration",
    ),
    "log-bucket": (
        "log-bucket-exists-and-owned",
        "log-bucket-versioning",
        "log-bucket-mfa-delete",
        "log-bucket-lifecycle",
        "log-bucket-retention",
        "log-bucket-access-logging",
        "log-bucket-encryption",
    ),
    "key": ("kms-key-usable", "kms-key-rotation"),
}
"""The rules that are held against what is planted, by scope."""

ALL_RULES = tuple(rule for rules in RULES.values() for rule in rules)


@dataclass
class Caller:
    """Whose credentials the binary gets."""

    account: str
    access_key: str
    secret_key: str


@dataclass
class Planted:
    """An organization, or an account without one, and the verdicts that it deserves."""

    management: str
    organization_arn: str | None = None
    accounts: dict[str, str] = field(default_factory=dict)
    caller: Caller | None = None
    role: str = ROLE
    external_id: str | None = None
    expected: dict[tuple[str, str], str] = field(default_factory=dict)
    """Rule and resource to outcome."""

    def expect(self, scope: str, resource: str, fails=(), not_applicable=(), unknown=()):
        """Everything of the scope passes but what is named."""
        named = {"fail": fails, "not-applicable": not_applicable, "unknown": unknown}
        for rule in RULES[scope]:
            outcomes = [outcome for outcome, rules in named.items() if rule in rules]
            self.expected[rule, resource] = outcomes[0] if outcomes else "pass"

    def deserves(self, rules: tuple[str, ...], resource: str, *fails: str, **others: str):
        """Each of the rules passes but those that fail, and those with another outcome, named with `_` for `-`."""
        for rule in rules:
            self.expected[rule, resource] = others.get(rule.replace("-", "_"), "fail" if rule in fails else "pass")

    def expected_of(self, rule: str) -> dict[str, str]:
        return {resource: outcome for (of, resource), outcome in self.expected.items() if of == rule}
