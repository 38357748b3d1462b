"""Why purchases were slow, over any number of outcomes: the tables of GET /insights/slow, computed by Spark.

  spark-submit --jars … deploy/spark/slow_insights.py --brokers localhost:9092
  spark-submit deploy/spark/slow_insights.py --ndjson 'export/*.ndjson' --since 2026-10-01T00:00:00Z

Prints one JSON object: `purchases`, `staged` and `differences` as GET /insights/slow has them, for single traits. All
counting is distributed; the driver gets the rows of the answer only.
"""

import argparse
import json

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as f

OUTCOME = """
    eventId string, kind string, receivedAt string, classifiedAt string,
    checkout struct<productovisto: string, ubicacion: struct<ciudad: string>,
        recorrido: array<struct<etapa: string, segundos: double, error: string>>>
"""
BACKGROUND = ["product", "city", "hour"]
FACTORS = [*BACKGROUND, "stage", "error"]
# As in processor/insights/mantel-haenszel.ts: the less frequent values of a factor share one stratum.
MOST_VALUES = 20
# Two-sided 95 %.
Z = 1.959963984540054


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--brokers", help="reads the topic of outcomes, host:port,…")
    source.add_argument("--ndjson", help="reads files with an outcome on each line, which may be compressed")
    parser.add_argument("--topic", default="Notifications")
    parser.add_argument("--since", default="0001-01-01T00:00:00Z", help="classified at or after it")
    parser.add_argument("--until", default="9999-12-31T00:00:00Z", help="classified before it")
    parser.add_argument("--time-zone", default="America/Santiago", help="zone of the hours")
    parser.add_argument("--most", type=int, default=10, help="values of each factor, the greatest lift first")
    return parser.parse_args()


def read_lines(spark, options):
    if options.ndjson:
        return spark.read.text(options.ndjson)
    records = (
        spark.read.format("kafka")
        .option("kafka.bootstrap.servers", options.brokers)
        .option("subscribe", options.topic)
        # Spark reads the records of aborted transactions otherwise.
        .option("kafka.isolation.level", "read_committed")
        .load()
    )
    return records.select(f.col("value").cast("string").alias("value"))


def read_purchases(lines, options):
    """Counts of the purchases that have the same traits."""
    stages = f.coalesce("checkout.recorrido", f.array())
    longest = f.reduce(
        stages,
        f.lit(None).cast("struct<etapa: string, segundos: double, error: string>"),
        lambda best, each: f.when(best.isNull() | (each.segundos > best.segundos), each).otherwise(best),
    )
    at = f.from_utc_timestamp(f.to_timestamp("receivedAt"), options.time_zone)
    return (
        lines.select(f.from_json("value", OUTCOME).alias("outcome"))
        .select("outcome.*")
        .where(f.col("kind").isin("quick", "slow"))
        .where(f.to_timestamp("classifiedAt") >= f.to_timestamp(f.lit(options.since)))
        .where(f.to_timestamp("classifiedAt") < f.to_timestamp(f.lit(options.until)))
        .select(
            (f.col("kind") == "slow").cast("long").alias("slow"),
            f.coalesce("checkout.productovisto", f.lit("")).alias("product"),
            f.coalesce("checkout.ubicacion.ciudad", f.lit("")).alias("city"),
            f.date_format(at, "HH").alias("hour"),
            longest["etapa"].alias("stage"),
            f.array_sort(f.array_distinct(f.array_compact(stages["error"]))).alias("errors"),
            (f.size(stages) > 0).alias("staged"),
        )
        .groupBy("product", "city", "hour", "stage", "errors", "staged")
        .agg(f.count("*").alias("of"), f.sum("slow").alias("slow"))
    )


def with_strata(purchases):
    """Adds each background factor with its frequent values only."""
    for factor in BACKGROUND:
        frequent = (
            purchases.groupBy(factor).agg(f.sum("of").alias("of")).orderBy(f.desc("of"), factor).limit(MOST_VALUES)
        )
        names = frequent.select(factor, f.col(factor).alias(f"{factor}_stratum"))
        purchases = purchases.join(f.broadcast(names), factor, "left").fillna("", [f"{factor}_stratum"])
    return purchases


def stratum_for(factor):
    """A purchase is compared with those that are alike in the other background factors."""
    others = [f.col(f"{each}_stratum") for each in BACKGROUND if each != factor]
    return f.to_json(f.array(*others))


def traits_of(factor):
    values = f.col("errors") if factor == "error" else f.array_compact(f.array(factor))
    stratum = stratum_for(factor)
    return f.transform(
        values,
        lambda value: f.struct(f.lit(factor).alias("factor"), value.alias("value"), stratum.alias("stratum")),
    )


def sums(*names):
    return [f.sum(name).alias(name) for name in names]


def exposed_by_stratum(purchases):
    traits = f.explode(f.concat(*[traits_of(factor) for factor in FACTORS])).alias("trait")
    return (
        purchases.select("of", "slow", traits)
        .select("of", "slow", "trait.*")
        .groupBy("factor", "value", "stratum")
        .agg(*sums("of", "slow"))
    )


def all_by_stratum(purchases):
    """What a stage or an error is compared with has measured stages, too."""
    comparable = f.array_compact(
        f.array(
            *[
                f.when(
                    f.lit(factor in BACKGROUND) | f.col("staged"),
                    f.struct(f.lit(factor).alias("factor"), stratum_for(factor).alias("stratum")),
                )
                for factor in FACTORS
            ]
        )
    )
    counts = [f.col("of").alias("all_of"), f.col("slow").alias("all_slow")]
    exploded = purchases.select(*counts, f.explode(comparable).alias("at")).select("all_of", "all_slow", "at.*")
    return exploded.groupBy("factor", "stratum").agg(*sums("all_of", "all_slow"))


def interval_of_log(ratio, variance):
    factor = f.exp(Z * f.sqrt(variance))
    return f.when(ratio.isNotNull(), f.array(ratio / factor, ratio * factor))


def wilson(of, slow):
    share, squared = slow / of, Z**2
    centre = (share + squared / (2 * of)) / (1 + squared / of)
    half = (Z / (1 + squared / of)) * f.sqrt(share * (1 - share) / of + squared / (4 * of * of))
    return f.array(f.greatest(f.lit(0.0), centre - half), f.least(f.lit(1.0), centre + half))


def with_lift(counted):
    """The ratio of shares by Katz et al., as in processor/insights/intervals.ts."""
    others_of, others_slow = f.col("all_of") - f.col("of"), f.col("all_slow") - f.col("slow")
    half = f.when((f.col("slow") == 0) | (others_slow == 0), 0.5).otherwise(0.0)
    a, n, b, m = f.col("slow") + half, f.col("of") + half, others_slow + half, others_of + half
    ratio = f.when(others_of > 0, (a / n) / (b / m))
    variance = f.greatest(f.lit(0.0), 1 / a - 1 / n + 1 / b - 1 / m)
    return counted.withColumn("lift", ratio).withColumn("lift_interval", interval_of_log(ratio, variance))


def adjusted(strata):
    """The ratio of shares within strata, by Mantel and Haenszel; its variance by Greenland and Robins."""
    of, slow, all_of, all_slow = (f.col(name) for name in ["of", "slow", "all_of", "all_slow"])
    others_of, others_slow = all_of - of, all_slow - slow
    terms = (
        strata.where(others_of > 0)
        .groupBy("factor", "value")
        .agg(
            f.sum(slow * others_of / all_of).alias("exposed"),
            f.sum(others_slow * of / all_of).alias("others"),
            f.sum(all_slow * of * others_of / (all_of * all_of) - slow * others_slow / all_of).alias("variance"),
        )
    )
    exposed, others = f.col("exposed"), f.col("others")
    ratio = f.when((exposed > 0) & (others > 0), exposed / others)
    variance = f.col("variance") / (exposed * others)
    return terms.select(
        "factor", "value", ratio.alias("adjusted"), interval_of_log(ratio, variance).alias("adjusted_interval")
    )


def differences(purchases, most):
    purchases = with_strata(purchases).cache()
    compared = all_by_stratum(purchases)
    strata = exposed_by_stratum(purchases).join(compared, ["factor", "stratum"])
    totals = compared.groupBy("factor").agg(*sums("all_of", "all_slow"))
    counted = strata.groupBy("factor", "value").agg(*sums("of", "slow")).join(totals, "factor")
    rank = f.row_number().over(Window.partitionBy("factor").orderBy(f.desc(f.col("lift_interval")[0]), "value"))
    greatest = (
        with_lift(counted).where("slow > 0 and lift is not null").withColumn("rank", rank).where(f.col("rank") <= most)
    )
    return (
        greatest.join(adjusted(strata), ["factor", "value"], "left")
        .withColumn("interval", wilson(f.col("of"), f.col("slow")))
        .collect()
    )


def ratio_of(row, name):
    return None if row[name] is None else {"ratio": row[name], "interval": row[f"{name}_interval"]}


def describe(row):
    return {
        "traits": [{"factor": row.factor, "value": row.value}],
        "of": row.of,
        "slow": row.slow,
        "share": row.slow / row.of,
        "interval": row.interval,
        "lift": ratio_of(row, "lift"),
        "adjusted": ratio_of(row, "adjusted"),
    }


def main():
    options = read_options()
    spark = SparkSession.builder.appName("slow-insights").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    purchases = read_purchases(read_lines(spark, options), options).cache()
    of, slow, staged = [
        count or 0
        for count in purchases.select(f.sum("of"), f.sum("slow"), f.sum(f.when(f.col("staged"), f.col("of")))).first()
    ]
    rows = sorted(differences(purchases, options.most), key=lambda row: (FACTORS.index(row.factor), row["rank"]))
    shares = spark.range(1).select(wilson(f.lit(of), f.lit(slow))).first()[0] if of > 0 else [0, 1]
    answer = {
        "timeZone": options.time_zone,
        "purchases": {"of": of, "slow": slow, "share": slow / of if of else 0, "interval": shares},
        "staged": staged,
        "differences": [describe(row) for row in rows],
    }
    print(json.dumps(answer, ensure_ascii=False))
    spark.stop()


if __name__ == "__main__":
    main()
