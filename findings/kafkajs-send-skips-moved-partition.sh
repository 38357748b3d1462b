#!/usr/bin/env bash
# A send of kafkajs resolves although one of its messages was never stored, with `acks: -1` and an idempotent producer: it goes to the
# leaders of two partitions, and one of these has moved to the other broker since the client last asked. The former leader refuses, kafkajs
# finds the new one, and takes that broker's earlier answer, for the other partition, as the answer to everything that it leads. The
# result has no entry for the partition that is missing; nothing else shows it. The next send works.
#
# A program that must not lose messages compares the partitions in the result with those that it sent.
#
# Seen with kafkajs 2.2.4 and Kafka 4.3.0 on Java 17, Linux x64; exits with 1 when a version behaves differently:
EXPECTED='partition 1 moved to broker 1
send resolved, answers for partitions: 0
send resolved, answers for partitions: 0, 1
stored in partition 0: first, second, third
stored in partition 1: first, third'
set -euo pipefail

folder=$(mktemp -d)
pids=
trap '[ -z "$pids" ] || kill -9 $pids; rm -rf "$folder"' EXIT
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

read -r -a ports < <(node -e "
const servers = [0, 0, 0].map(() => require('net').createServer().listen(0, '127.0.0.1'))
setTimeout(() => { console.log(servers.map((s) => s.address().port).join(' ')); process.exit() }, 100)")
controller=${ports[2]}
for id in 1 2; do
  # The first one is the controller, too.
  roles=broker listeners="BROKER://127.0.0.1:${ports[$id - 1]}"
  [ $id != 1 ] || roles=broker,controller listeners="$listeners,CONTROLLER://127.0.0.1:$controller"
  cat >$id.properties <<END
process.roles=$roles
node.id=$id
controller.quorum.voters=1@127.0.0.1:$controller
listeners=$listeners
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$folder/data-$id
offsets.topic.replication.factor=1
END
  java -cp 'libs/*' kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c $id.properties >/dev/null 2>&1
  java -Xmx512m -cp 'libs/*' kafka.Kafka $id.properties >$id.log 2>&1 &
  pids="$pids $!"
done

for port in "${ports[@]}"; do
  until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.2; done
done

cat >send.cjs <<'END'
const { Kafka, logLevel, Partitioners } = require('kafkajs')
const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: { retries: 20 } })
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const topic = 'orders'

async function main() {
  const admin = kafka.admin()
  await admin.connect()
  while ((await admin.describeCluster()).brokers.length < 2) await sleep(200)
  const leaders = async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics[0].partitions.toSorted((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader).join()
  }
  const replicaAssignment = [1, 2].map((broker, partition) => ({ partition, replicas: [broker] }))
  await admin.createTopics({ topics: [{ topic, replicaAssignment }], waitForLeaders: false })
  while ((await leaders().catch(() => '')) !== '1,2') await sleep(200)

  const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const send = (value) => producer.send({ topic, acks: -1, messages: [0, 1].map((partition) => ({ partition, value })) })
  const show = (answers) => {
    const partitions = answers.map(({ partition }) => partition).sort().join(', ')
    console.log(`send resolved, answers for partitions: ${partitions}`)
  }
  await send('first')
  await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment: [{ partition: 1, replicas: [1] }] }] })
  while ((await leaders()) !== '1,1') await sleep(200)
  console.log('partition 1 moved to broker 1')
  show(await send('second'))
  show(await send('third'))

  const read = [[], []]
  const consumer = kafka.consumer({ groupId: 'read' })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ partition, message }) => void read[partition].push(String(message.value)) })
  const missing = async () => (await admin.fetchTopicOffsets(topic)).some(({ partition, high }) => read[partition].length < Number(high))
  while (await missing()) await sleep(200)
  read.forEach((values, partition) => console.log(`stored in partition ${partition}: ${values.join(', ')}`))
  await Promise.all([consumer, producer, admin].map((client) => client.disconnect()))
}
main()
END
seen=$(node send.cjs "127.0.0.1:${ports[0]}")
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
