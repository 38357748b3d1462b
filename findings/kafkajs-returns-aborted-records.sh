#!/usr/bin/env bash
# A consumer of kafkajs reads committed records only (`readUncommitted: false`, its default), and still gets records of aborted transactions:
# - Two transactions overlap in a partition, and the second one to begin ends first. Brokers list aborted transactions in the order of
#   their ends; kafkajs expects that of their beginnings, and misses what the first one wrote before.
# - It begins to read where two transactions that are aborted later are open. For each record it takes one of them into account, so that the
#   first record, of the second transaction, is taken for a committed one.
# - A record of the transaction has a key of four zero bytes, as IntegerSerializer of the Java client writes 0: kafkajs takes it for the
#   marker that ends the transaction.
#
# A program that reads what several transactional producers write must find these records itself, in the Fetch responses.
#
# Seen with kafkajs 2.2.4 and Kafka 4.3.0 on Java 17, Linux x64; exits with 1 when a version behaves differently:
EXPECTED='kafkajs, overlapping: aborted by A; committed
kafkajs, middle: aborted by B; committed
kafkajs, zeros: aborted, with the key; aborted, after it; committed
Java, overlapping: committed
Java, middle: committed
Java, zeros: committed'
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

cat >aborted.cjs <<'END'
const { Kafka, logLevel, Partitioners } = require('kafkajs')
const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: { retries: 20 } })
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const admin = kafka.admin()
const options = {
  idempotent: true,
  maxInFlightRequests: 1,
  retry: { retries: 30 },
  createPartitioner: Partitioners.DefaultPartitioner,
}
const [a, b] = ['A', 'B'].map((transactionalId) => kafka.producer({ ...options, transactionalId }))
const outside = kafka.producer(options)

const write = (writer, topic, value, key = null) => writer.send({ topic, messages: [{ key, value, partition: 0 }] })
// The broker answers before it writes the markers; it refuses the next transaction of the producer until they are there.
async function abort(producer, transaction) {
  await transaction.abort()
  const next = await producer.transaction()
  await write(next, 'next', '')
  await next.abort()
}

async function read(topic, from = 0) {
  const consumer = kafka.consumer({ groupId: topic })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  const seen = []
  const eachMessage = async ({ message }) => void seen.push(String(message.value))
  await consumer.run({ eachMessage })
  consumer.seek({ topic, partition: 0, offset: String(from) })
  while (seen.at(-1) !== 'committed') await sleep(50)
  await consumer.disconnect()
  console.log(`kafkajs, ${topic}: ${seen.join('; ')}`)
}

async function main() {
  const clients = [admin, a, b, outside]
  for (const client of clients) await client.connect()
  await admin.createTopics({ topics: ['overlapping', 'middle', 'zeros', 'next'].map((topic) => ({ topic, numPartitions: 1 })) })

  for (const topic of ['overlapping', 'middle']) {
    const ofA = await a.transaction()
    await write(ofA, topic, 'aborted by A')
    const ofB = await b.transaction()
    await write(ofB, topic, 'aborted by B')
    const ends = [() => abort(a, ofA), () => abort(b, ofB)]
    for (const end of topic === 'overlapping' ? ends.toReversed() : ends) await end()
    await write(outside, topic, 'committed')
  }
  const transaction = await a.transaction()
  await write(transaction, 'zeros', 'aborted, with the key', Buffer.alloc(4))
  await write(transaction, 'zeros', 'aborted, after it')
  await abort(a, transaction)
  await write(outside, 'zeros', 'committed')

  await read('overlapping')
  await read('middle', 1)
  await read('zeros')
  for (const client of clients) await client.disconnect()
}
main()
END
seen=$(node aborted.cjs "127.0.0.1:$port"
for from in 'overlapping 0' 'middle 1' 'zeros 0'; do
  read -r topic offset <<<"$from"
  echo "Java, $topic: $(java -cp 'libs/*' org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "127.0.0.1:$port" \
    --topic "$topic" --partition 0 --offset "$offset" --isolation-level read_committed --max-messages 1 2>/dev/null)"
done)
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
