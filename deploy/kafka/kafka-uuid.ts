import { randomBytes } from 'node:crypto'

/** As Kafka writes them: in unpadded base64. One that begins with a dash would look like an option. */
export const newUuid = (): string => `k${randomBytes(16).toString('base64url').slice(1)}`
