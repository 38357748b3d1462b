// The settings of a program that copies a topic, and its ready signal: the same as those of a processor.

const setting = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set`)
  return value
}

export const input = setting('DATA_TOPIC')
export const output = setting('NOTIFICATIONS_TOPIC')
export const groupId = setting('GROUP_ID')
export const brokers = setting('KAFKA_BROKERS').split(',')

export function sayReady(): void {
  Bun.serve({
    hostname: '127.0.0.1',
    port: Number(setting('PORT')),
    fetch: () => Response.json({ status: 'ready' }),
  })
}
