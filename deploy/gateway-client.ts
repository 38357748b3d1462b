import { readKeyFile } from '../backbone/access/read-key-file.ts'

export interface GatewayAddress {
  /** Of a gateway, or of a processor. */
  target: string
  /** A file with an API key. */
  keyFile: string | undefined
}

const ANSWER_WITHIN_MS = 30_000

/** Sends requests with the key, and bodies as JSON. Throws KeyFileError. */
export function createGatewayClient({ target, keyFile }: GatewayAddress) {
  const headers = readKeyFile(keyFile)
  return (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, target), {
      ...init,
      headers: { ...headers, ...(init.body ? { 'content-type': 'application/json' } : {}) },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
}

/** The flags `--target` and `--key-file`; adds what is wrong to `faults`. */
export function gatewayAddress(
  value: (flag: string) => string | undefined,
  faults: string[],
): GatewayAddress {
  const target = value('target') ?? 'http://127.0.0.1:8080'
  if (!/^https?:\/\//.test(target) || !URL.canParse(target))
    faults.push('--target must be an http or https URL')
  return { target, keyFile: value('key-file') }
}
