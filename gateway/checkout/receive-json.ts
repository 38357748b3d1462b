import type { Context } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { contentCoding, decodeBody } from './content-coding.ts'
import { assertJson } from './media-type.ts'
import { jsonOf } from './read-checkout.ts'
import { createBodyReceiver } from './receive-body.ts'
import { assertSigned } from './request-signature.ts'

interface JsonLimits {
  /** Also after decompression. */
  maxBytes: number
  withinMs: number
}

/** Receives bodies of JSON, with the rules of that of a checkout. Resolves with undefined for an empty body. */
export function createJsonReceiver({ maxBytes, withinMs }: JsonLimits) {
  const receive = createBodyReceiver({ maxBytes, withinMs })
  return async <AppEnv extends AccessEnv>(context: Context<AppEnv>): Promise<unknown> => {
    const coding = contentCoding(context.req)
    const body = await receive(context)
    assertSigned(context.req, body, context.var.key)
    if (body.length === 0) return undefined
    assertJson(context.req)
    return jsonOf(decodeBody(body, coding, maxBytes))
  }
}
