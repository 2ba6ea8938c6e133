"""What GitHub code scanning refuses, or shows otherwise than meant, in a SARIF file.

Sources: GitHub Docs, "SARIF support for code scanning" (required properties, limits) and "SARIF results exceed one or
more limits"; github/codeql-action `src/upload-lib.ts` and its issues 754, 1230, 1738 and 2459, microsoft/PSRule issue
955 (what the server answers). Stricter than GitHub on purpose in three places: every `ruleId` is listed, every result
bears our own fingerprint, and every rule is a security rule.
"""

import gzip
import re
from collections import Counter

MOST = {"runs": 20, "results": 5_000, "rules": 25_000, "tags": 10, "locations": 100}
"""Limits beyond which GitHub refuses a file, or keeps only a part."""
LARGEST_GZIP = 10_000_000
LONGEST = {"shortDescription": 1024, "fullDescription": 1024}

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
ILLEGAL = re.compile(r"""[\s\\<>"{}|^`]|%(?![0-9A-Fa-f]{2})""")
CHANGES_WITH_EACH_RUN = re.compile(r"(^|/)tmp/|[0-9a-f]{40}|\d{4}-\d{2}-\d{2}T\d{2}", re.IGNORECASE)
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


def mistakes(log: dict, raw: bytes) -> list[str]:
    """Every mistake of a log that fits the schema, each with its place."""
    return list(of_log(log, raw))


def of_log(log, raw):
    if "$schema" not in log:
        yield "/: $schema is required"
    runs = log.get("runs") or []
    if not 0 < len(runs) <= MOST["runs"]:
        yield f"/runs: {len(runs)} runs, where 1 to {MOST['runs']} are taken"
    if len(gzip.compress(raw)) > LARGEST_GZIP:
        yield "/: larger than 10 MB when compressed"
    yield from of_guids(log, "")
    categories = Counter()
    for index, run in enumerate(runs):
        where = f"/runs/{index}"
        driver = run["tool"]["driver"]
        category, slash, _ = run.get("automationDetails", {}).get("id", "").rpartition("/")
        categories[driver["name"], category] += 1
        if not slash:
            yield f"{where}/automationDetails/id: needs a category before a slash"
        if CHANGES_WITH_EACH_RUN.search(category):
            yield f"{where}/automationDetails/id: a category that changes with each run closes no alert"
        if not (driver.get("semanticVersion") or driver.get("version")):
            yield f"{where}/tool/driver: needs a version"
        yield from of_rules(driver.get("rules") or [], f"{where}/tool/driver/rules")
        yield from of_results(run, driver.get("rules") or [], where)
    if any(count > 1 for count in categories.values()):
        yield "/runs: two runs of one tool have one category"


def of_guids(value, where):
    """The action's own schema takes UUIDs of the versions 1 to 5 alone."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if (key == "guid" or key.endswith("Guid")) and not GUID.fullmatch(str(inner)):
                yield f"{where}/{key}: not a UUID of the versions 1 to 5"
            yield from of_guids(inner, f"{where}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from of_guids(inner, f"{where}/{index}")


def of_rules(rules, where):
    if not 0 < len(rules) <= MOST["rules"]:
        yield f"{where}: {len(rules)} rules, where 1 to {MOST['rules']} are taken"
    for name, count in Counter(rule["id"] for rule in rules).items():
        if count > 1:
            yield f"{where}: {name} is listed {count} times"
    for index, rule in enumerate(rules):
        yield from of_rule(rule, f"{where}/{index}")


def of_rule(rule, where):
    for name, longest in LONGEST.items():
        if not 0 < len(rule.get(name, {}).get("text", "").strip()) <= longest:
            yield f"{where}/{name}: needs a text of at most {longest} characters"
    for form in ("text", "markdown"):
        if not rule.get("help", {}).get(form, "").strip():
            yield f"{where}/help: needs {form}"
    if len(rule.get("name", "")) > 255:
        yield f"{where}/name: longer than 255 characters"
    properties = rule.get("properties", {})
    severity = properties.get("security-severity")
    if not isinstance(severity, str) or not is_severity(severity):
        yield f"{where}/properties/security-severity: {severity!r} is not a string above 0 and up to 10"
    tags = properties.get("tags") or []
    if "security" not in tags:
        yield f"{where}/properties/tags: needs security, without which the severity is ignored"
    if len(tags) > MOST["tags"]:
        yield f"{where}/properties/tags: more than {MOST['tags']} tags"
    if properties.get("precision") not in ("very-high", "high", "medium", "low"):
        yield f"{where}/properties/precision: {properties.get('precision')!r}"
    if rule.get("defaultConfiguration", {}).get("level") not in (None, "note", "warning", "error"):
        yield f"{where}/defaultConfiguration/level: none is not shown"


def is_severity(text: str) -> bool:
    try:
        return 0 < float(text) <= 10
    except ValueError:
        return False


def of_results(run, rules, where):
    results = run.get("results")
    if results is None:
        yield f"{where}: needs results, if only an empty list"
        return
    if len(results) > MOST["results"]:
        yield f"{where}/results: more than {MOST['results']}, of which GitHub keeps the gravest"
    listed = [rule["id"] for rule in rules]
    alerts = Counter()
    for index, result in enumerate(results):
        place = f"{where}/results/{index}"
        yield from of_result(result, listed, place)
        alerts[alert(result)] += 1
    for (rule, uri, _), count in alerts.items():
        if count > 1:
            yield f"{where}/results: {count} results of {rule} at {uri} are one alert to GitHub"


def alert(result):
    """What makes two results one alert: rule, path and fingerprint."""
    locations = result.get("locations") or [{}]
    uri = locations[0].get("physicalLocation", {}).get("artifactLocation", {}).get("uri")
    return result.get("ruleId"), uri, fingerprint(result)


def fingerprint(result):
    return result.get("partialFingerprints", {}).get("primaryLocationLineHash")


def of_result(result, listed, where):
    rule = result.get("ruleId")
    if rule not in listed:
        yield f"{where}/ruleId: {rule!r} is not among the rules"
    index = result.get("ruleIndex", -1)
    if index >= 0 and listed[index : index + 1] != [rule]:
        yield f"{where}/ruleIndex: {index} is not {rule!r}"
    if not result.get("message", {}).get("text", "").strip():
        yield f"{where}/message: needs text, ids are not looked up"
    if result.get("kind", "fail") != "fail" or result.get("level") == "none":
        yield f"{where}: GitHub ignores kind, and opens an alert for what passed"
    if result.get("suppressions"):
        yield f"{where}: GitHub ignores suppressions, and opens an alert for what was accepted"
    if not fingerprint(result):
        yield f"{where}: needs partialFingerprints.primaryLocationLineHash"
    locations, related = result.get("locations") or [], result.get("relatedLocations") or []
    if len(locations) != 1:
        yield f"{where}/locations: {len(locations)}, where GitHub needs one and uses no other"
    if len(related) > MOST["locations"]:
        yield f"{where}/relatedLocations: more than {MOST['locations']}"
    linked = set(map(int, re.findall(r"\]\((\d+)\)", result.get("message", {}).get("text", ""))))
    if not linked <= {location.get("id") for location in related}:
        yield f"{where}/message: links to a related location that is not there"
    for index, location in enumerate(locations):
        yield from of_location(location, f"{where}/locations/{index}")
    for index, location in enumerate(related):
        yield from of_location(location, f"{where}/relatedLocations/{index}")


def of_location(location, where):
    physical = location.get("physicalLocation", {})
    yield from of_uri(physical.get("artifactLocation", {}).get("uri", ""), f"{where}/uri")
    region = physical.get("region", {})
    missing = {"startLine", "startColumn", "endLine", "endColumn"} - region.keys()
    if missing:
        yield f"{where}/region: lacks {', '.join(sorted(missing))}"
    elif (region["endLine"], region["endColumn"]) < (region["startLine"], region["startColumn"]):
        yield f"{where}/region: ends before it starts"


def of_uri(uri, where):
    if not uri:
        yield f"{where}: empty or missing, for which GitHub refuses the file"
    elif SCHEME.match(uri) or ":" in uri.split("/", 1)[0]:
        yield f"{where}: {uri!r} has a scheme or a colon in its first segment"
    elif ILLEGAL.search(uri):
        yield f"{where}: {uri!r} is not percent-encoded"
    elif uri.startswith(("/", "./")) or "//" in uri or ".." in uri.split("/"):
        yield f"{where}: {uri!r} is not a plain path beneath the repository's root"
    elif CHANGES_WITH_EACH_RUN.search(uri):
        yield f"{where}: {uri!r} changes with each run, and opens new alerts"
