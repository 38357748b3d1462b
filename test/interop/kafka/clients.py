"""Writes or reads records with one of Python's Kafka clients. Keys, values and values of headers are base64, or null.

usage: clients.py CLIENT BROKERS produce TOPIC < batches   prints the partition and the offset of each record, a batch a line
       clients.py CLIENT BROKERS read TOPIC COUNT …        prints so many committed records of each topic, from its beginning
"""

import asyncio
import json
import sys
import uuid
from base64 import b64decode, b64encode


def decoded(text):
    return None if text is None else b64decode(text)


def encoded(content):
    return None if content is None else b64encode(content).decode()


def show_record(topic, partition, offset, key, value, headers):
    position = {"topic": topic, "partition": partition, "offset": offset}
    shown = [[name, encoded(content)] for name, content in headers or []]
    print(json.dumps({**position, "key": encoded(key), "value": encoded(value), "headers": shown}), flush=True)


def parts_of(record):
    headers = [(name, decoded(content)) for name, content in record["headers"]]
    return decoded(record["key"]), decoded(record["value"]), headers, record["timestamp"], record["partition"]


class KafkaPython:
    def __init__(self, brokers):
        self.brokers = brokers.split(",")

    def settings(self, batch):
        settings = {"bootstrap_servers": self.brokers, "acks": "all", "linger_ms": 20}
        if batch["codec"] != "none":
            settings["compression_type"] = batch["codec"]
        if batch["transaction"]:
            settings["transactional_id"] = str(uuid.uuid4())
        return settings

    def produce(self, topic, batch):
        from kafka import KafkaProducer

        producer = KafkaProducer(**self.settings(batch))
        if batch["transaction"]:
            producer.init_transactions()
            producer.begin_transaction()
        sent = []
        for key, value, headers, timestamp, partition in map(parts_of, batch["records"]):
            sent.append(producer.send(topic, value, key, headers, partition, timestamp))
        producer.flush()
        stored = [future.get(30) for future in sent]
        if batch["transaction"]:
            getattr(producer, f"{batch['transaction']}_transaction")()
        producer.close()
        return [[record.partition, record.offset] for record in stored]

    def read(self, topic, count):
        from kafka import KafkaConsumer

        consumer = KafkaConsumer(
            topic,
            bootstrap_servers=self.brokers,
            auto_offset_reset="earliest",
            group_id=None,
            isolation_level="read_committed",
        )
        for record in (next(consumer) for _ in range(count)):
            show_record(topic, record.partition, record.offset, record.key, record.value, record.headers)
        consumer.close()


class CaseStudy(KafkaPython):
    """The producer of the case study: neither keys nor headers, JSON in ASCII, and each record sent by itself."""

    def produce(self, topic, batch):
        from kafka import KafkaProducer

        producer = KafkaProducer(
            bootstrap_servers=self.brokers, value_serializer=lambda value: json.dumps(value).encode("utf-8")
        )
        stored = []
        for record in batch["records"]:
            shopper = json.loads(decoded(record["value"]))
            stored.append(producer.send(topic, value=shopper).get(30))
        producer.close()
        return [[record.partition, record.offset] for record in stored]


class ConfluentKafka:
    def __init__(self, brokers):
        self.brokers = brokers

    def produce(self, topic, batch):
        from confluent_kafka import Producer

        settings = {
            "bootstrap.servers": self.brokers,
            "compression.type": batch["codec"],
            "enable.idempotence": True,
            "linger.ms": 20,
        }
        if batch["transaction"]:
            settings["transactional.id"] = str(uuid.uuid4())
        producer = Producer(settings)
        if batch["transaction"]:
            producer.init_transactions()
            producer.begin_transaction()
        stored = [None] * len(batch["records"])

        def keep(index):
            def on_delivery(error, message):
                if error:
                    raise RuntimeError(error)
                stored[index] = [message.partition(), message.offset()]

            return on_delivery

        for index, record in enumerate(batch["records"]):
            key, value, headers, timestamp, partition = parts_of(record)
            producer.produce(
                topic,
                value,
                key,
                -1 if partition is None else partition,
                timestamp=timestamp or 0,
                headers=headers,
                on_delivery=keep(index),
            )
        producer.flush()
        if batch["transaction"]:
            getattr(producer, f"{batch['transaction']}_transaction")()
        return stored

    def read(self, topic, count):
        from confluent_kafka import Consumer

        settings = {
            "bootstrap.servers": self.brokers,
            "group.id": str(uuid.uuid4()),
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "check.crcs": True,
        }
        consumer = Consumer(settings)
        consumer.subscribe([topic])
        left = count
        while left > 0:
            record = consumer.poll(1)
            if record is None:
                continue
            if record.error():
                raise RuntimeError(record.error())
            show_record(topic, record.partition(), record.offset(), record.key(), record.value(), record.headers())
            left -= 1
        consumer.close()


class AioKafka:
    def __init__(self, brokers):
        self.brokers = brokers

    def produce(self, topic, batch):
        return asyncio.run(self.produce_async(topic, batch))

    def read(self, topic, count):
        asyncio.run(self.read_async(topic, count))

    async def produce_async(self, topic, batch):
        from aiokafka import AIOKafkaProducer

        settings = {"bootstrap_servers": self.brokers, "enable_idempotence": True, "linger_ms": 20}
        if batch["codec"] != "none":
            settings["compression_type"] = batch["codec"]
        if batch["transaction"]:
            settings["transactional_id"] = str(uuid.uuid4())
        async with AIOKafkaProducer(**settings) as producer:
            if batch["transaction"]:
                await producer.begin_transaction()
            sent = []
            for key, value, headers, timestamp, partition in map(parts_of, batch["records"]):
                sent.append(await producer.send(topic, value, key, partition, timestamp, headers))
            stored = await asyncio.gather(*sent)
            if batch["transaction"]:
                await getattr(producer, f"{batch['transaction']}_transaction")()
        return [[record.partition, record.offset] for record in stored]

    async def read_async(self, topic, count):
        from aiokafka import AIOKafkaConsumer

        consumer = AIOKafkaConsumer(
            topic,
            bootstrap_servers=self.brokers,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
        )
        async with consumer:
            for _ in range(count):
                record = await consumer.getone()
                show_record(topic, record.partition, record.offset, record.key, record.value, record.headers)


CLIENTS = {"kafka-python": KafkaPython, "case-study": CaseStudy, "confluent-kafka": ConfluentKafka, "aiokafka": AioKafka}
_, name, brokers, command, *topics = sys.argv
client = CLIENTS[name](brokers)
if command == "read":
    for topic, count in zip(topics[::2], topics[1::2]):
        client.read(topic, int(count))
else:
    for line in sys.stdin:
        print(json.dumps(client.produce(topics[0], json.loads(line))), flush=True)
