"""Amazon CloudWatch, and CloudWatch Logs."""

from .wire import Answer, Call, World


def alarms_come_a_hundred_a_page(call: Call, answer: Answer, world: World) -> Answer:
    """moto gives all alarms at once, however many are asked for.

    AWS: CloudWatch API Reference, DescribeAlarms, MaxRecords: at most 100; NextToken.
    """
    if call.name != "cloudwatch:DescribeAlarms" or answer.status != 200:
        return answer
    size = min(int(call.parameters.get("MaxRecords") or 100), 100)
    return page(call, answer, "MetricAlarms", "NextToken", size)


def metric_filters_come_fifty_a_page(call: Call, answer: Answer, world: World) -> Answer:
    """moto gives all filters at once, however many are asked for, and the request's token back.

    AWS: CloudWatch Logs API Reference, DescribeMetricFilters, limit: at most 50, which is the default.
    """
    if call.name != "logs:DescribeMetricFilters" or answer.status != 200:
        return answer
    return page(call, answer, "metricFilters", "nextToken", min(int(call.parameters.get("limit") or 50), 50))


def page(call: Call, answer: Answer, of: str, token: str, size: int) -> Answer:
    """The part of a listing that the token of a request is for; it is the number of the first item."""
    document = {name: value for name, value in answer.json().items() if name != token}
    start = int(call.parameters.get(token) or 0)
    rows = document[of]
    document[of] = rows[start : start + size]
    if start + size < len(rows):
        document[token] = str(start + size)
    return answer.with_json(document)
