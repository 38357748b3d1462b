"""The original pipeline: a Structured Streaming job from DataTopic to a topic of notifications.

  spark-submit --jars … --py-files deploy/spark/select_notifications.py deploy/spark/notifications.py

Settings, by environment variable: KAFKA_BROKERS, DATA_TOPIC (DataTopic), SPARK_TOPIC (SparkNotifications), CHECKPOINTS
(a folder). It runs until it is ended. After each batch it prints the offsets that it has processed, as JSON.
"""

import json
import os

from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from select_notifications import select_notifications

BROKERS = os.environ["KAFKA_BROKERS"]
DATA_TOPIC = os.environ.get("DATA_TOPIC", "DataTopic")
REPORT_SECONDS = 0.5


def start(spark):
    records = (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", BROKERS)
        .option("subscribe", DATA_TOPIC)
        .option("startingOffsets", "earliest")
        .option("includeHeaders", True)
        .load()
    )
    value = f.to_json(f.struct("*"))
    rows = select_notifications(records).select(f.col("eventId").alias("key"), value.alias("value"))
    return (
        rows.writeStream.format("kafka")
        .option("kafka.bootstrap.servers", BROKERS)
        .option("topic", os.environ.get("SPARK_TOPIC", "SparkNotifications"))
        .option("checkpointLocation", os.environ["CHECKPOINTS"])
        .start()
    )


def report(query):
    progress = query.lastProgress
    if progress is None:
        return None
    offsets = progress["sources"][0]["endOffset"]
    offsets = json.loads(offsets) if isinstance(offsets, str) else offsets
    return (offsets or {}).get(DATA_TOPIC)


spark = SparkSession.builder.appName("notifications").getOrCreate()
query = start(spark)
print(json.dumps({"started": spark.version}), flush=True)
reported = None
while not query.awaitTermination(REPORT_SECONDS):
    offsets = report(query)
    if offsets != reported:
        reported = offsets
        print(json.dumps({"offsets": offsets}), flush=True)
