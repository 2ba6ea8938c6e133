"""Reports in other formats, as named validators see them.

    check.py JUNIT_SCHEMA FILE...

By the end of its name, a file is held against: `.junit.xml`, the schema junit-10.xsd of Jenkins' xUnit plug-in; `.ocsf.json`,
the class Compliance Finding of py-ocsf-models; `.asff.json`, BatchImportFindings in botocore's model of Security Hub;
`.oscal.json`, the assessment results of compliance-trestle. Prints what is wrong; exits 0 or 1.
"""

import json
import pathlib
import sys


def junit(path, schema):
    from lxml import etree

    parser = etree.XMLParser(huge_tree=True)
    document, rules = etree.parse(path, parser), etree.XMLSchema(etree.parse(schema))
    rules.validate(document)
    wrong = [f"line {error.line}: {error.message}" for error in rules.error_log]
    kinds = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error", "skipped": "testcase/skipped"}
    for suite in document.iter("testsuite"):
        for name, inner in kinds.items():
            if int(suite.get(name)) != len(suite.findall(inner)):
                wrong.append(f"{suite.get('name')}: {name} is {suite.get(name)}, and there are {len(suite.findall(inner))}")
    return wrong, len(list(document.iter("testcase")))


def ocsf(path, _):
    from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

    wrong, events = [], json.loads(path.read_text())
    for number, event in enumerate(events):
        try:
            ComplianceFinding(**event)
        except ValueError as error:
            wrong.append(f"{number}: {error}")
        # What the models let pass.
        wrong += [f"{number}: there is no attribute {name}" for name in sorted(set(event) - set(ComplianceFinding.model_fields))]
        if event["type_uid"] != event["class_uid"] * 100 + event["activity_id"] or event["class_uid"] != 2003:
            wrong.append(f"{number}: type_uid {event['type_uid']} is not that of its class and activity")
        if event["time"] < 10**12:
            wrong.append(f"{number}: time {event['time']} is not in milliseconds")
    return wrong, len(events)


def asff(path, _):
    import botocore.session
    from botocore.validate import ParamValidator

    service = botocore.session.get_session().get_service_model("securityhub", api_version="2018-10-26")
    shape = service.operation_model("BatchImportFindings").input_shape
    members, lengths = shape.members["Findings"].member.members, {"Title": 256, "Description": 1024, "Id": 512, "GeneratorId": 512}
    wrong, findings = [], json.loads(path.read_text())
    for number, finding in enumerate(findings):
        told = ParamValidator().validate({"Findings": [finding]}, shape)
        wrong += [f"{number}: {line}" for line in told.generate_report().splitlines() if told.has_errors()]
        wrong += [f"{number}: there is no field {name}" for name in sorted(set(finding) - set(members))]
        wrong += [f"{number}: {name} is too long" for name, most in lengths.items() if len(finding[name]) > most]
        if len(json.dumps(finding).encode()) > 240 * 1024:
            wrong.append(f"{number}: it is larger than 240 KB")
        if len(finding["Compliance"].get("RelatedRequirements", [])) > 32:
            wrong.append(f"{number}: it has more than 32 requirements")
    return wrong, len(findings)


def oscal(path, _):
    from trestle.oscal.assessment_results import AssessmentResults

    read = AssessmentResults.oscal_read(path)
    if read is None:
        return ["it cannot be read"], 0
    wrong = []
    for result in read.results:
        items = {item.uuid for item in (result.local_definitions.inventory_items or [])} if result.local_definitions else set()
        seen = {observation.uuid for observation in result.observations or []}
        for observation in result.observations or []:
            wrong += [f"{observation.uuid}: its subject is not there" for one in observation.subjects or [] if one.subject_uuid not in items]
        for finding in result.findings or []:
            wrong += [f"{finding.uuid}: an observation is not there" for one in finding.related_observations or [] if one.observation_uuid not in seen]
    return wrong, sum(len(result.observations or []) for result in read.results)


CHECKS = {".junit.xml": junit, ".ocsf.json": ocsf, ".asff.json": asff, ".oscal.json": oscal}


def main():
    schema, *files = sys.argv[1:]
    failed = False
    for path in map(pathlib.Path, files):
        check = next(check for end, check in CHECKS.items() if path.name.endswith(end))
        try:
            wrong, items = check(path, schema)
        except Exception as error:  # A file that no validator reads is wrong, whatever it raises.
            wrong, items = [f"{type(error).__name__}: {error}"], 0
        for line in wrong[:20]:
            print(f"{path}: {line}")
        print(f"{path}: {items} items, {len(wrong)} wrong")
        failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
