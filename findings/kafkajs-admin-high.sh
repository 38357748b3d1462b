#!/usr/bin/env bash
# `admin.fetchTopicOffsets` of kafkajs answers with `high` and `low`, and its documentation shows `offset` and `high` as the end of the
# partition. It is not the high watermark: while a transaction is open in the partition, `high` is the offset where that began, although
# others have written behind it since. No option asks for the high watermark. So
# - a lag computed from it is too small, and below zero for a consumer that reads uncommitted records;
# - a program that asks for `high` to learn where its own writes of before ended reads too little.
# `kafka-get-offsets`, the tool of Kafka, tells the high watermark.
#
# Seen with kafkajs 2.2.4 and Kafka 4.3.0 on Java 17, Linux x64; exits with 1 when a version behaves differently:
EXPECTED='open: kafkajs high 1, offset 1; Kafka 4; group of read uncommitted at 4, lag -3
committed: kafkajs high 5, offset 5; Kafka 5; group of read uncommitted at 4, lag 1'
set -euo pipefail

folder=$(mktemp -d)
broker=
trap '[ -z "$broker" ] || kill -9 $broker; rm -rf "$folder"' EXIT
cd "$folder"
cat >pom.xml <<'END'
<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.0</version></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>4.3.0</version></dependency>
</dependencies></project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory=libs
echo '{"private":true}' >package.json
npm install --silent --no-fund --no-audit kafkajs@2.2.4

read -r port controller < <(node -e "
const servers = [0, 0].map(() => require('net').createServer().listen(0, '127.0.0.1'))
setTimeout(() => { console.log(servers.map((s) => s.address().port).join(' ')); process.exit() }, 100)")
cat >server.properties <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=BROKER://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$folder/data
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
END
java -cp 'libs/*' kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c server.properties >/dev/null 2>&1
java -Xmx512m -cp 'libs/*' kafka.Kafka server.properties >kafka.log 2>&1 &
broker=$!
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.2; done

cat >high.cjs <<'END'
const { execFileSync } = require('node:child_process')
const { Kafka, logLevel, Partitioners } = require('kafkajs')
const address = process.argv[2]
const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, retry: { retries: 20 } })
const topic = 'orders'
const groupId = 'uncommitted'
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const options = { idempotent: true, createPartitioner: Partitioners.DefaultPartitioner, retry: { retries: 30 } }
const admin = kafka.admin()
const inTransaction = kafka.producer({ ...options, transactionalId: 'orders', maxInFlightRequests: 1 })
const other = kafka.producer(options)
const write = (producer, value) => producer.send({ topic, messages: [{ value }] })

// A broker that has just started has no transaction coordinator for a while.
async function begin() {
  for (;;) {
    const transaction = await inTransaction.transaction().catch(() => sleep(500))
    if (transaction) return transaction
  }
}

async function readAll(count) {
  const consumer = kafka.consumer({ groupId, readUncommitted: true })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  let seen = 0
  await consumer.run({ eachMessage: async () => void seen++ })
  while (seen < count) await sleep(50)
  await consumer.commitOffsets([{ topic, partition: 0, offset: String(count) }])
  await consumer.disconnect()
}

async function show(state) {
  const [{ high, offset }] = await admin.fetchTopicOffsets(topic)
  const [group] = await admin.fetchOffsets({ groupId, topics: [topic] })
  const at = group.partitions[0].offset
  const shell = ['-cp', 'libs/*', 'org.apache.kafka.tools.GetOffsetShell', '--bootstrap-server', address, '--topic', topic]
  const end = execFileSync('java', shell, { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim().split(':').at(-1)
  console.log(`${state}: kafkajs high ${high}, offset ${offset}; Kafka ${end}; group of read uncommitted at ${at}, lag ${high - at}`)
}

async function main() {
  for (const client of [admin, inTransaction, other]) await client.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
  await write(other, 'before')
  const transaction = await begin()
  await write(transaction, 'in the transaction')
  await write(other, 'behind it')
  await write(other, 'behind it, too')
  await readAll(4)
  await show('open')
  await transaction.commit()
  // The broker answers before it writes the marker.
  while ((await admin.fetchTopicOffsets(topic))[0].high !== '5') await sleep(50)
  await show('committed')
  for (const client of [admin, inTransaction, other]) await client.disconnect()
}
main()
END
seen=$(node high.cjs "127.0.0.1:$port")
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
