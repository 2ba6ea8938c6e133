"""What is said of event data stores."""

import lake


def test_what_is_wrong_is_named(judged):
    planted, scan, _ = judged[lake]["stocked"]

    def message(rule: str) -> str:
        (row,) = [row for row in scan.results(rule) if row["outcome"] == "fail"]
        return row["message"]

    assert lake.STRANGER in message(lake.POLICY)
    assert "for 90 days" in message(lake.RETENTION)
    assert "the events of eu-west-1 alone" in message(lake.MULTI_REGION)
    assert "reads" in message(lake.SELECTORS)
    assert "status STOPPED_INGESTION" in message(lake.INGESTING)
    assert planted.accounts["web"] in message(lake.ORGANIZATION)
    assert scan.report["gaps"] == []
