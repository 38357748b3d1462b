"""What bench/compare/spark.ts compares a processor with: selects who has bought, and writes the message for each.

Configured by the environment variables of a processor. TRIGGER is the interval ("9 seconds"; empty: as soon as possible). WRITE
is "rows" (foreach, one by one in Python) or "batches" (foreachBatch, entirely in the JVM).
"""

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from select_notifications import select_notifications

BROKERS = os.environ["KAFKA_BROKERS"]
OUTPUT = os.environ["NOTIFICATIONS_TOPIC"]
CHECKPOINTS = os.environ["VIEW_FILE"] + "-checkpoints"
FIELDS = "nombre string, productovisto string, taps double, folio string"


def messages(spark):
    records = (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", BROKERS)
        .option("subscribe", os.environ["DATA_TOPIC"])
        .option("startingOffsets", "earliest")
        .option("includeHeaders", True)
        .load()
    )
    value = f.to_json(f.struct("eventId", "message", "receivedAt"))
    return select_notifications(records, FIELDS).select(f.col("eventId").alias("key"), value.alias("value"))


def write_batch(batch, _):
    batch.write.format("kafka").option("kafka.bootstrap.servers", BROKERS).option("topic", OUTPUT).save()


class RowWriter:
    """Runs in a Python worker of each partition."""

    def open(self, _partition, _epoch):
        from confluent_kafka import Producer

        self.producer = Producer({"bootstrap.servers": BROKERS, "acks": "all", "linger.ms": 5})
        return True

    def process(self, row):
        while True:
            try:
                self.producer.produce(OUTPUT, key=row.key, value=row.value)
                return
            except BufferError:
                self.producer.poll(1)

    def close(self, error):
        self.producer.flush()


class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def say_ready():
    server = HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Ready)
    threading.Thread(target=server.serve_forever, daemon=True).start()


spark = SparkSession.builder.appName("messages").getOrCreate()
writer = messages(spark).writeStream.option("checkpointLocation", CHECKPOINTS)
writer = writer.foreach(RowWriter()) if os.environ["WRITE"] == "rows" else writer.foreachBatch(write_batch)
if os.environ["TRIGGER"]:
    writer = writer.trigger(processingTime=os.environ["TRIGGER"])
query = writer.start()
say_ready()
query.awaitTermination()
