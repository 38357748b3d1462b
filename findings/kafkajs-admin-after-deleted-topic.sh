#!/usr/bin/env bash
# An admin client of kafkajs remembers each topic that it was asked about, and asks for the metadata of all of them together. Once one
# of them is deleted, calls about other topics fail with its error: fetchTopicOffsets of a topic that exists says
# UNKNOWN_TOPIC_OR_PARTITION, and still does after 15 s. listTopics and fetchTopicMetadata of a single topic go on, and a new client
# works at once. A topic that never existed does no harm: kafkajs forgets it. Producers fail alike (tulios/kafkajs#1622).
#
# A program that looks at topics which others may delete replaces its admin client after such an error.
#
# Seen with kafkajs 2.2.4 and Kafka 4.3.0 on Java 17, Linux x64; exits with 1 when a version behaves differently:
EXPECTED='fetchTopicOffsets of orders: 0
fetchTopicOffsets of missing: UNKNOWN_TOPIC_OR_PARTITION
fetchTopicOffsets of orders: 0
fetchTopicOffsets of old: 0
old is deleted
fetchTopicOffsets of orders: UNKNOWN_TOPIC_OR_PARTITION
15 s later: UNKNOWN_TOPIC_OR_PARTITION
listTopics: orders
fetchTopicMetadata of orders: 1 partition
fetchTopicOffsets of orders, new client: 0'
set -euo pipefail

folder=$(mktemp -d)
broker=
trap '[ -z "$broker" ] || kill -9 "$broker"; rm -rf "$folder"' EXIT
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
auto.create.topics.enable=false
END
java -cp 'libs/*' kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c server.properties >/dev/null 2>&1
java -Xmx512m -cp 'libs/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!

cat >ask.cjs <<'END'
const { Kafka, logLevel } = require('kafkajs')
const kafka = new Kafka({ brokers: [`127.0.0.1:${process.argv[2]}`], logLevel: logLevel.NOTHING, retry: { retries: 20 } })
const show = (what, work) =>
  work.then((answer) => answer, (error) => (error.cause ?? error).type ?? error.name).then((answer) => console.log(`${what}: ${answer}`))
const offsetsOf = (admin, topic) => admin.fetchTopicOffsets(topic).then(([{ offset }]) => offset)

async function main() {
  const setUp = kafka.admin()
  await setUp.connect()
  await setUp.createTopics({ topics: ['orders', 'old'].map((topic) => ({ topic, numPartitions: 1, replicationFactor: 1 })) })

  const admin = new Kafka({ brokers: [`127.0.0.1:${process.argv[2]}`], logLevel: logLevel.NOTHING, retry: { retries: 2 } }).admin()
  await admin.connect()
  await show('fetchTopicOffsets of orders', offsetsOf(admin, 'orders'))
  await show('fetchTopicOffsets of missing', offsetsOf(admin, 'missing'))
  await show('fetchTopicOffsets of orders', offsetsOf(admin, 'orders'))
  await show('fetchTopicOffsets of old', offsetsOf(admin, 'old'))
  await setUp.deleteTopics({ topics: ['old'] })
  await setUp.disconnect()
  console.log('old is deleted')
  await show('fetchTopicOffsets of orders', offsetsOf(admin, 'orders'))
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  await show('15 s later', offsetsOf(admin, 'orders'))
  await show('listTopics', admin.listTopics())
  const partitions = admin.fetchTopicMetadata({ topics: ['orders'] }).then(({ topics }) => `${topics[0].partitions.length} partition`)
  await show('fetchTopicMetadata of orders', partitions)
  await admin.disconnect()

  const another = kafka.admin()
  await another.connect()
  await show('fetchTopicOffsets of orders, new client', offsetsOf(another, 'orders'))
  await another.disconnect()
}
main()
END
seen=$(node ask.cjs "$port")
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
