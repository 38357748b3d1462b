#!/usr/bin/env bash
# MirrorMaker 2 copies the records of aborted transactions, because its consumers read uncommitted records by default. In the copy they are
# in no transaction: a consumer with `isolation.level=read_committed` gets them there. With `<source>.consumer.isolation.level=read_committed`
# they are not copied. Either way it copies no transaction markers, so that records have other offsets than in the source. Keys, headers and
# times are those of the source.
#
# Seen with Kafka 4.3.0 on Java 17, Linux x64; exits with 1 when a version behaves differently:
EXPECTED='in the source, read_committed:
CreateTime:1764464000000	Offset:0	log:a1	k	first
CreateTime:1764464000000	Offset:4	log:a1	k	second
in the copy, read_committed:
CreateTime:1764464000000	Offset:0	log:a1	k	first
CreateTime:1764464000000	Offset:1	log:a1	k	aborted
CreateTime:1764464000000	Offset:2	log:a1	k	second
in the copy by a consumer with isolation.level=read_committed, read_committed:
CreateTime:1764464000000	Offset:0	log:a1	k	first
CreateTime:1764464000000	Offset:1	log:a1	k	second'
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
<dependency><groupId>org.apache.kafka</groupId><artifactId>connect-mirror</artifactId><version>4.3.0</version></dependency>
</dependencies></project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory=libs
echo '{"private":true}' >package.json
npm install --silent --no-fund --no-audit kafkajs@2.2.4

read -r -a ports < <(node -e "
const servers = [0, 0, 0, 0].map(() => require('net').createServer().listen(0, '127.0.0.1'))
setTimeout(() => { console.log(servers.map((s) => s.address().port).join(' ')); process.exit() }, 100)")
for id in 0 1; do
  cat >$id.properties <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${ports[$id + 2]}
listeners=BROKER://127.0.0.1:${ports[$id]},CONTROLLER://127.0.0.1:${ports[$id + 2]}
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$folder/data-$id
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
END
  java -cp 'libs/*' kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c $id.properties >/dev/null 2>&1
  java -Xmx384m -cp 'libs/*' kafka.Kafka $id.properties >$id.log 2>&1 &
  pids="$pids $!"
done
source=127.0.0.1:${ports[0]} target=127.0.0.1:${ports[1]}
for port in "${ports[@]:0:2}"; do
  until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.2; done
done

cat >write.cjs <<'END'
const { Kafka, logLevel, Partitioners } = require('kafkajs')
const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: { retries: 20 } })
async function main() {
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 1 }] })
  const producer = kafka.producer({
    transactionalId: 'writer',
    idempotent: true,
    maxInFlightRequests: 1,
    retry: { retries: 30 },
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  for (const value of ['first', 'aborted', 'second']) {
    const transaction = await producer.transaction()
    const messages = [{ key: 'k', value, headers: { log: 'a1' }, timestamp: '1764464000000' }]
    await transaction.send({ topic: 'orders', messages })
    await (value === 'aborted' ? transaction.abort() : transaction.commit())
  }
  await Promise.all([producer, admin].map((client) => client.disconnect()))
}
main()
END
node write.cjs "$source"

# The same source under two names, since this setting belongs to a cluster.
cat >mirror.properties <<END
clusters=default,committed,copy
default.bootstrap.servers=$source
committed.bootstrap.servers=$source
committed.consumer.isolation.level=read_committed
copy.bootstrap.servers=$target
default->copy.enabled=true
default->copy.topics=orders
committed->copy.enabled=true
committed->copy.topics=orders
replication.factor=1
offset-syncs.topic.replication.factor=1
offset.storage.replication.factor=1
status.storage.replication.factor=1
config.storage.replication.factor=1
emit.heartbeats.enabled=false
emit.checkpoints.enabled=false
sync.topic.acls.enabled=false
END
java -Xmx384m -cp 'libs/*' org.apache.kafka.connect.mirror.MirrorMaker mirror.properties >mirror.log 2>&1 &
pids="$pids $!"

# Of the first records that are committed.
show() {
  echo "$1, read_committed:"
  java -cp 'libs/*' org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$2" --topic "$3" --from-beginning \
    --isolation-level read_committed --max-messages "$4" --formatter-property print.timestamp=true \
    --formatter-property print.offset=true --formatter-property print.headers=true --formatter-property print.key=true 2>/dev/null
}
seen=$(
  show 'in the source' "$source" orders 2
  show 'in the copy' "$target" default.orders 3
  show 'in the copy by a consumer with isolation.level=read_committed' "$target" committed.orders 2
)
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
