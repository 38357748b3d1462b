import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeCluster } from '../../../backbone/kafka/describe-cluster.ts'
import { within } from '../../../backbone/process/with-timeout.ts'
import { replaceFile } from '../../../deploy/replace-file.ts'
import { setScramPassword } from '../../scram-users.ts'

/** The user of all gateways, or of all processors. */
export interface KafkaUser {
  /** Settings of its processes. */
  readonly environment: NodeJS.ProcessEnv
  /** Rejects if Kafka does not take it within a minute. */
  setInKafka(password: string): Promise<void>
  /** In the file that its processes read. */
  setInFile(password: string): void
}

export const SASL_MECHANISM = 'scram-sha-256'

const SET_WITHIN_MS = 60_000
const ANSWERED_WITHIN_MS = 5_000
const RETRY_AFTER_MS = 500

/** A new user, with a password that Kafka and the file agree on. */
export async function createKafkaUser(
  name: string,
  bootstrap: readonly string[],
  folder: string,
): Promise<KafkaUser> {
  const file = join(folder, `password-of-${name}`)

  /** A frozen broker would apply the request when it is thawed, perhaps after a newer one: it must answer first. */
  async function ask(password: string): Promise<void> {
    const answering = await Promise.any(bootstrap.map((broker) => describeCluster(broker).then(() => broker)))
    await within(ANSWERED_WITHIN_MS, setScramPassword(answering, name, password))
  }

  async function setInKafka(password: string): Promise<void> {
    const giveUp = Date.now() + SET_WITHIN_MS
    for (;;) {
      try {
        return await ask(password)
      } catch (error) {
        if (Date.now() > giveUp) throw error
        await sleep(RETRY_AFTER_MS)
      }
    }
  }

  const user: KafkaUser = {
    environment: {
      KAFKA_SASL_MECHANISM: SASL_MECHANISM,
      KAFKA_SASL_USERNAME: name,
      KAFKA_SASL_PASSWORD_FILE: file,
    },
    setInKafka,
    setInFile: (password) => replaceFile(file, password),
  }
  const password = newPassword()
  await user.setInKafka(password)
  user.setInFile(password)
  return user
}

export const newPassword = (): string => randomBytes(16).toString('hex')
