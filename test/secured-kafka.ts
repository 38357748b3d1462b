import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type Admin,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs'
import { startKafka } from '../deploy/kafka/start-kafka.ts'
import { freePorts } from '../deploy/ports.ts'
import { startWatchdog } from '../deploy/watchdog.ts'
import { makeCertificate } from './make-certificate.ts'
import { setScramPassword } from './scram-users.ts'

const RESOURCES = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  transactionalId: AclResourceTypes.TRANSACTIONAL_ID,
}

const OPERATIONS = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Create: AclOperationTypes.CREATE,
  Delete: AclOperationTypes.DELETE,
  Describe: AclOperationTypes.DESCRIBE,
  Alter: AclOperationTypes.ALTER,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  Any: AclOperationTypes.ANY,
}

type Operation = keyof typeof OPERATIONS

export interface Grant {
  to: string
  resource: keyof typeof RESOURCES
  name: string
  /** `name` is the prefix of the names. */
  prefixed?: boolean
  operations: Operation[]
}

type Revocation = Pick<Grant, 'to' | 'resource' | 'name'> & { operations?: Operation[] }

const PASSWORD = 'secret-of-tests'

/**
 * A Kafka with a listener for each security protocol, whose authorizer only allows what is granted. The plain
 * listener is for the tests: unauthenticated clients are super users.
 */
export async function startSecuredKafka(users: readonly string[], more: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cyberday-secured-kafka-'))
  const watchdog = startWatchdog(folder)
  const [sasl, saslTls, tls] = await freePorts(3)
  const certificate = await makeCertificate({ folder, name: 'broker', days: 30 })
  const jaas = users.map((user) => `user_${user}="${PASSWORD}"`).join(' ')
  const plainLogin = `org.apache.kafka.common.security.plain.PlainLoginModule required ${jaas};`
  const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  const { bootstrap, brokers } = await startKafka({
    dataDir: join(folder, 'kafka'),
    brokers: 1,
    watchdog,
    log: () => undefined,
    properties: ({ port, controllerPort }) => ({
      listeners: [
        `BROKER://127.0.0.1:${port}`,
        `CONTROLLER://127.0.0.1:${controllerPort}`,
        `SASL://127.0.0.1:${sasl}`,
        `SASLTLS://127.0.0.1:${saslTls}`,
        `TLS://127.0.0.1:${tls}`,
      ].join(','),
      'listener.security.protocol.map':
        'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,SASLTLS:SASL_SSL,TLS:SSL',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      ...Object.fromEntries(
        ['sasl', 'sasltls'].flatMap((listener) => [
          [`listener.name.${listener}.plain.sasl.jaas.config`, plainLogin],
          [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, scramLogin],
          [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`, scramLogin],
        ]),
      ),
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': certificate.keystore,
      'ssl.keystore.password': certificate.password,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      ...more,
    }),
  })
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${PASSWORD}\n`)
  const kafka = new Kafka({ brokers: bootstrap, logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()

  return {
    kafka,
    admin,
    bootstrap,
    broker: brokers[0]?.child,
    folder,
    ports: {
      sasl: sasl ?? 0,
      saslTls: saslTls ?? 0,
      tls: tls ?? 0,
      plain: Number(bootstrap[0]?.split(':')[1]),
    },
    caFile: certificate.pem,
    passwordFile,
    tlsSettings: { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: certificate.pem },
    saslSettings: (user: string, mechanism: string) => ({
      KAFKA_SASL_MECHANISM: mechanism,
      KAFKA_SASL_USERNAME: user,
      KAFKA_SASL_PASSWORD_FILE: passwordFile,
    }),
    /** Also lets a user authenticate with SCRAM. */
    addScramUser: (user: string) => setScramPassword(bootstrap[0] ?? '', user, PASSWORD),
    grant: (...grants: Grant[]) => grant(admin, grants),
    /** Takes back what was granted; without `operations`, all of them. */
    async revoke({ operations = ['Any'], ...from }: Revocation): Promise<void> {
      await admin.deleteAcls({ filters: operations.map((operation) => aclFilter(from, operation)) })
    },
    async stop(): Promise<void> {
      await admin.disconnect()
      await watchdog.drain()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type SecuredKafka = Awaited<ReturnType<typeof startSecuredKafka>>

const aclFilter = ({ to, resource, name }: Revocation, operation: Operation) => ({
  resourceType: RESOURCES[resource],
  resourceName: name,
  resourcePatternType: ResourcePatternTypes.ANY,
  principal: `User:${to}`,
  host: '*',
  operation: OPERATIONS[operation],
  permissionType: AclPermissionTypes.ANY,
})

async function grant(admin: Admin, grants: readonly Grant[]): Promise<void> {
  const acl = grants.flatMap(({ to, resource, name, prefixed, operations }) =>
    operations.map((operation) => ({
      resourceType: RESOURCES[resource],
      resourceName: name,
      resourcePatternType: prefixed ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
      principal: `User:${to}`,
      host: '*',
      operation: OPERATIONS[operation],
      permissionType: AclPermissionTypes.ALLOW,
    })),
  )
  await admin.createAcls({ acl })
}
