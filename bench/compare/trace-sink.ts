/** Takes spans like a collector, and only counts the exports. */
export function startTraceSink() {
  let exports = 0
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      await request.arrayBuffer()
      exports++
      return new Response(null, { headers: { 'content-type': 'application/x-protobuf' } })
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    exports: () => exports,
    stop: () => server.stop(true),
  }
}
