import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'

/**
 * The script of Scalar's API reference. Its package @scalar/api-reference contains the same script and the
 * 189 packages (311 MB) from which it was built. The Fastify plugin contains only the script, so it is taken
 * from the plugin's route.
 */
export async function scalarBundle(): Promise<string> {
  const { default: plugin } = await import('@scalar/fastify-api-reference')
  const routes: RouteOptions[] = []
  const fastify = {
    initialConfig: {},
    hasPlugin: () => false,
    route: (route: RouteOptions) => routes.push(route),
  }
  plugin(fastify as unknown as FastifyInstance, { configuration: { url: '/openapi.json' } }, () => undefined)
  const script = routes.find(({ url }) => url.endsWith('.js'))
  if (script === undefined) throw new Error('@scalar/fastify-api-reference has no route for its script')
  const reply = { header: () => reply, send: (body: string) => body }
  const handler = script.handler as (request: FastifyRequest, reply: FastifyReply) => string
  return handler({} as FastifyRequest, reply as unknown as FastifyReply)
}
