// The cost of an event stream without any decisions: writes prepared bytes to each reader.

const DELIMITER = '\n\n'
const FRAMES_A_CHUNK = 100

const OPENING = Buffer.from('retry: 1000\nevent: checkpoint\nid: 0\ndata: {}\n\n')

const port = Number(process.env['PORT'])
const headers = { 'content-type': 'text/event-stream' }
let prepared = Promise.withResolvers<Uint8Array[]>()

function inChunks(text: string): Uint8Array[] {
  const frames = text.split(DELIMITER).slice(0, -1)
  return Array.from({ length: Math.ceil(frames.length / FRAMES_A_CHUNK) }, (_, chunk) => {
    const some = frames.slice(chunk * FRAMES_A_CHUNK, (chunk + 1) * FRAMES_A_CHUNK)
    return Buffer.from(some.join(DELIMITER) + DELIMITER)
  })
}

function stream(): Response {
  let next = -1
  const chunks = prepared.promise
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // Tells its reader immediately that it has begun.
        const chunk = next < 0 ? OPENING : (await chunks)[next]
        next++
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk)
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers })
}

Bun.serve({
  hostname: '127.0.0.1',
  port,
  idleTimeout: 0,
  routes: {
    '/health/ready': Response.json({ status: 'ready' }),
    '/notifications/stream': { GET: stream },
    '/prepared': {
      async POST(request) {
        prepared.resolve(inChunks(await request.text()))
        prepared = Promise.withResolvers()
        return new Response(null, { status: 204 })
      },
    },
  },
})
