import type { Logger } from 'pino'
import { exitWithFaults } from '../process/exit-with-faults.ts'
import { type Fetch, type Server, serve } from './serve.ts'

/** Serves. If that fails, logs one line and ends the process with 1. */
export async function listenOrExit(
  { HOST: host, PORT: port }: { HOST: string; PORT: number },
  fetch: Fetch,
  log: Logger,
  /** Of the setting that has the port. */
  name = 'PORT',
): Promise<Server> {
  const server = await serve({ host, port }, fetch).catch((error: unknown) =>
    exitWithFaults([`${name}: cannot listen on ${host}:${port}: ${String(error)}`]),
  )
  log.info({ host, port: server.port }, 'listening')
  return server
}
