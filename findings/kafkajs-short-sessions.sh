#!/usr/bin/env bash
# kafkajs authenticates a SASL connection again 10 s before its session ends (reauthenticationThreshold). Where the brokers set
# connections.max.reauth.ms to 10 s or less, that is before every request. A broker takes one re-authentication of a connection in a
# second (KIP-368) and answers the next with ILLEGAL_SASL_STATE, which kafkajs does not retry: a client that asks more often always
# fails. The error names neither the session nor the setting. With a lower threshold the same sessions do no harm.
#
# Seen with kafkajs 2.2.4 and Kafka 4.3.0 on Java 17, Linux x64; exits with 1 when a version behaves differently:
EXPECTED='sessions of 10 s, threshold as it is: ILLEGAL_SASL_STATE
sessions of 10 s, threshold of 1 s: 5 answers'
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
listener.security.protocol.map=BROKER:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.broker.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="shop" password="secret" user_shop="secret";
connections.max.reauth.ms=10000
log.dirs=$folder/data
END
java -cp 'libs/*' kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c server.properties >/dev/null 2>&1
java -Xmx512m -cp 'libs/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!

cat >ask.cjs <<'END'
const { Kafka, logLevel } = require('kafkajs')
const brokers = [`127.0.0.1:${process.argv[2]}`]
const sasl = { mechanism: 'plain', username: 'shop', password: 'secret' }
const create = (options) => new Kafka({ brokers, sasl, logLevel: logLevel.NOTHING, ...options }).admin()

async function ask(options) {
  const admin = create(options)
  let answers = 0
  try {
    await admin.connect()
    while (answers < 5) {
      await admin.listTopics()
      answers++
    }
    return `${answers} answers`
  } catch (error) {
    return (error.cause ?? error).type ?? error.message
  } finally {
    await admin.disconnect()
  }
}

async function isUp() {
  const admin = create({ reauthenticationThreshold: 1_000, retry: { retries: 60 } })
  await admin.connect()
  await admin.disconnect()
}

async function main() {
  await isUp()
  console.log(`sessions of 10 s, threshold as it is: ${await ask({})}`)
  console.log(`sessions of 10 s, threshold of 1 s: ${await ask({ reauthenticationThreshold: 1_000 })}`)
}
main()
END
seen=$(node ask.cjs "$port")
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
