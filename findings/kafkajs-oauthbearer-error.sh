#!/usr/bin/env bash
# When a broker refuses a token, kafkajs takes its answer for success: connect() resolves. RFC 7628, section 3.2.2, lets the server
# answer with a JSON object, and Kafka does; the client is to acknowledge it with one byte 0x01, and only then comes the error.
# kafkajs ignores the content of the answer. The next request then fails with another error: nothing says that the token is the
# reason. With SASL PLAIN and SCRAM connect() rejects.
#
# A program that uses OAUTHBEARER passes its own authenticationProvider to kafkajs, which reads the answer.
#
# Seen with kafkajs 2.2.4 and Kafka 4.3.0 on Java 17, Linux x64; exits with 1 when a version behaves differently:
EXPECTED='valid token, connect: resolves
valid token, describeCluster: resolves
expired token, connect: resolves
expired token, describeCluster: KafkaJSBrokerNotFound: No brokers in the broker pool'
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

read -r port sasl controller < <(node -e "
const servers = [0, 0, 0].map(() => require('net').createServer().listen(0, '127.0.0.1'))
setTimeout(() => { console.log(servers.map((s) => s.address().port).join(' ')); process.exit() }, 100)")
# Without a JWKS, Kafka's validator takes unsigned tokens that are not expired.
cat >server.properties <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=BROKER://127.0.0.1:$port,SASL://127.0.0.1:$sasl,CONTROLLER://127.0.0.1:$controller
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
listener.security.protocol.map=BROKER:PLAINTEXT,SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
listener.name.sasl.sasl.enabled.mechanisms=OAUTHBEARER
listener.name.sasl.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;
log.dirs=$folder/data
END
java -cp 'libs/*' kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c server.properties >/dev/null 2>&1
java -Xmx512m -cp 'libs/*' kafka.Kafka server.properties >broker.log 2>&1 &
broker=$!

cat >ask.cjs <<'END'
const { Kafka, logLevel } = require('kafkajs')
const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url')
const tokenOf = (seconds) => {
  const now = Math.floor(Date.now() / 1_000)
  return `${encode({ alg: 'none' })}.${encode({ sub: 'shop', iat: now - 7_200, exp: now + seconds })}.`
}
const show = (what, work) =>
  work.then(() => 'resolves', (error) => `${(error.cause ?? error).name}: ${(error.cause ?? error).message}`).then((how) => console.log(`${what}: ${how}`))

async function main() {
  const [port, sasl] = process.argv.slice(2)
  const started = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, retry: { retries: 30 } }).admin()
  await started.connect()
  await started.disconnect()
  for (const [name, seconds] of [['valid', 3_600], ['expired', -3_600]]) {
    const admin = new Kafka({
      brokers: [`127.0.0.1:${sasl}`],
      logLevel: logLevel.NOTHING,
      retry: { retries: 1 },
      sasl: { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: tokenOf(seconds) }) },
    }).admin()
    await show(`${name} token, connect`, admin.connect())
    await show(`${name} token, describeCluster`, admin.describeCluster())
    await admin.disconnect()
  }
}
main()
END
seen=$(node ask.cjs "$port" "$sasl")
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
