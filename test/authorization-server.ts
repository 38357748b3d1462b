import { generateKeyPairSync } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

interface Client {
  id: string
  secret: string
  /** For whom its tokens are. */
  audience: string
}

/** An authorization server with client credentials, whose tokens are signed JWTs of a minute. */
export async function startAuthorizationServer() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test' }
  let answer: RequestListener = (_, response) => response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`

  return {
    issuer,
    tokenUrl: `${issuer}/token`,
    jwksUrl: `${issuer}/jwks`,
    /** Replaces the clients that it knows. */
    setClients(clients: readonly Client[]): void {
      const audiences = new Map(clients.map(({ id, audience }) => [id, audience]))
      const provider = new Provider(issuer, {
        clients: clients.map(({ id, secret }) => ({
          client_id: id,
          client_secret: secret,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        })),
        jwks: { keys: [key] },
        features: {
          devInteractions: { enabled: false },
          clientCredentials: { enabled: true },
          resourceIndicators: {
            enabled: true,
            defaultResource: (_, client) => `urn:kafka:${client?.clientId}`,
            getResourceServerInfo: (_, __, client) => ({
              scope: 'kafka',
              audience: audiences.get(client.clientId) ?? '',
              accessTokenTTL: 60,
              accessTokenFormat: 'jwt',
            }),
          },
        },
      })
      const handle = provider.callback()
      answer = (request, response) => void handle(request, response)
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}
