import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { alterUserScramCredentialsV0, Connection } from '@platformatic/kafka'

// KIP-554.
const MECHANISMS = [
  { number: 1, hash: 'sha256', bytes: 32 },
  { number: 2, hash: 'sha512', bytes: 64 },
]
// Kafka takes no fewer.
const ITERATIONS = 4_096

/** Sets the password of a user for SCRAM-SHA-256 and SCRAM-SHA-512. */
export async function setScramPassword(broker: string, name: string, password: string): Promise<void> {
  const [host = '', port] = broker.split(':')
  const connection = new Connection('scram-users')
  await connection.connect(host, Number(port))
  try {
    for (const { number, hash, bytes } of MECHANISMS) {
      const salt = randomBytes(16)
      const saltedPassword = pbkdf2Sync(password, salt, ITERATIONS, bytes, hash)
      // Kafka does not take both for one user in a request.
      await alterUserScramCredentialsV0.api.async(
        connection,
        [],
        [{ name, mechanism: number, iterations: ITERATIONS, salt, saltedPassword }],
      )
    }
  } finally {
    await connection.close()
  }
}
