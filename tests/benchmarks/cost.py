"""What a million uploads cost on AWS, from measured figures and the prices below.

    ./dev bench cost --cpu-seconds S [--calls-a-message N] [--utilisation U] …

Nothing is measured here and nothing is asked of AWS. AWS draws its price pages by script, so the prices are those
that others wrote down, with the day they did; look them up again before a budget rests on them.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from harness import table

MILLION = 1_000_000
HOURS_A_MONTH = 730


@dataclass(frozen=True)
class Price:
    """US dollars for one ``unit`` in us-east-1, who says so, and as of when."""

    usd: float
    unit: str
    source: str
    as_of: str


PRICES = {
    "vcpu": Price(
        0.04048,
        "vCPU-hour, Fargate, Linux on x86",
        "aws.amazon.com/ecs/pricing ($0.000011244 a vCPU-second), as transcribed in api-evangelist/amazon-ecs",
        "2026-09-20",
    ),
    "memory": Price(
        0.004445, "GB-hour, Fargate", "cloudburn.io/blog/aws-fargate-pricing, wring.co", "2026-03"
    ),
    "sqs": Price(
        0.40 / MILLION, "request, SQS standard", "cloudburn.io/blog/amazon-sqs-pricing", "2026-03-14"
    ),
    "s3_write": Price(
        0.005 / 1000,
        "PUT or LIST, S3 Standard",
        "c3x.dev/blog/s3-request-fees-explained",
        "undated; not verified",
    ),
    "s3_read": Price(0.0004 / 1000, "GET, S3 Standard", "the same", "undated; not verified"),
    "database": Price(
        0.065,
        "hour, RDS PostgreSQL db.t4g.medium, one zone",
        "infratally.com/articles/aws-rds-pricing-explained-2026",
        "2026",
    ),
}


@dataclass(frozen=True)
class Load:
    """What one upload takes. CPU is that of the whole worker, its children included."""

    cpu_seconds: float
    memory_gb_a_vcpu: float
    utilisation: float
    messages: float
    calls_a_message: float
    s3_reads: float
    s3_writes: float
    uploads_a_month: float


def rows(load: Load) -> list[tuple[str, float, str]]:
    """(what, dollars a million uploads, how it comes about)."""
    vcpu_hours = MILLION * load.cpu_seconds / load.utilisation / 3600
    calls = MILLION * load.messages * load.calls_a_message
    reads, writes = MILLION * load.s3_reads, MILLION * load.s3_writes
    database_hours = HOURS_A_MONTH * MILLION / load.uploads_a_month
    return [
        (
            "compute",
            vcpu_hours * PRICES["vcpu"].usd,
            f"{vcpu_hours:,.0f} vCPU-hours at {load.utilisation:.0%} busy",
        ),
        (
            "memory",
            vcpu_hours * load.memory_gb_a_vcpu * PRICES["memory"].usd,
            f"{load.memory_gb_a_vcpu:g} GB a vCPU",
        ),
        ("SQS", calls * PRICES["sqs"].usd, f"{calls / MILLION:,.1f} million requests"),
        ("S3 reads", reads * PRICES["s3_read"].usd, f"{reads / MILLION:,.1f} million"),
        ("S3 writes", writes * PRICES["s3_write"].usd, f"{writes / MILLION:,.1f} million"),
        (
            "database",
            database_hours * PRICES["database"].usd,
            f"{database_hours:,.0f} hours, at {load.uploads_a_month / MILLION:g} million uploads a month",
        ),
    ]


def arguments() -> Load:
    """The load that the command line describes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--cpu-seconds", type=float, required=True, help="measured, of the whole worker an upload"
    )
    parser.add_argument(
        "--calls-a-message", type=float, default=3.0, help="send, receive, delete; renewals besides"
    )
    parser.add_argument(
        "--messages", type=float, default=2.0, help="the upload's own, and that of its report's object"
    )
    parser.add_argument("--s3-reads", type=float, default=1.0, help="the original")
    parser.add_argument(
        "--s3-writes", type=float, default=3.0, help="two derivatives of a photo, and the report"
    )
    parser.add_argument("--memory-gb", type=float, default=2.0, help="a vCPU; Fargate's least is 2")
    parser.add_argument(
        "--utilisation", type=float, default=0.6, help="share of the time paid for that is used"
    )
    parser.add_argument("--uploads-a-month", type=float, default=1e6, help="what the database is shared by")
    given = parser.parse_args()
    if not 0 < given.utilisation <= 1 or given.cpu_seconds <= 0 or given.uploads_a_month <= 0:
        parser.error("seconds and uploads are above 0, utilisation is above 0 and at most 1")
    return Load(
        given.cpu_seconds,
        given.memory_gb,
        given.utilisation,
        given.messages,
        given.calls_a_message,
        given.s3_reads,
        given.s3_writes,
        given.uploads_a_month,
    )


def main() -> None:
    load = arguments()
    costs = rows(load)
    print(f"a million uploads of {load.cpu_seconds:g} CPU seconds each, us-east-1, on demand\n")
    total = sum(usd for _, usd, _ in costs)
    table(
        [("what", "USD", "of")]
        + [(what, f"{usd:,.2f}", how) for what, usd, how in costs]
        + [("total", f"{total:,.2f}", "storage, traffic and logs are not in it")]
    )
    print()
    table(
        [("price", "USD", "source", "as of")]
        + [
            (price.unit, f"{price.usd:.9f}".rstrip("0"), price.source, price.as_of)
            for price in PRICES.values()
        ]
    )


if __name__ == "__main__":
    main()
