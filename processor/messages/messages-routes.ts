import type { Hono, MiddlewareHandler } from 'hono'
import { z } from 'zod'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { jsonBody, limitBody } from '../../backbone/http/json-body.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { validateNoQuery } from '../../backbone/http/validate-request.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { jsonPointer } from '../../backbone/records/fault.ts'
import { parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { describeMessages } from './describe-messages.ts'
import { previewFaults, previewMessage } from './preview-message.ts'
import type { MessageFiles } from './read-messages.ts'

interface RoutesOptions {
  mayOperate: MiddlewareHandler<AccessEnv>
  messageFiles: MessageFiles
}

// As large as a gateway accepts by default, and room for the other fields.
const MOST_BYTES = 128 * 1024

const bodySchema = z.strictObject(
  {
    checkout: z.unknown().refine((checkout) => checkout !== undefined, 'is required'),
    kind: z.string('must be text').optional(),
    language: z.string('must be text').optional(),
  },
  'must be an object with no other fields than checkout, kind and language',
)

/** The messages in force, and what one checkout would get, for operators. */
export function messagesRoutes(app: Hono<AccessEnv>, { mayOperate, messageFiles }: RoutesOptions): void {
  const description = describeMessages(messageFiles)

  app.get('/messages', mayOperate, validateNoQuery(), (context) => context.json(description))
  app.post('/messages/preview', mayOperate, validateNoQuery(), limitBody(MOST_BYTES), async (context) => {
    const { checkout: json, ...others } = requestIn(await jsonBody(context))
    const parsed = parseCheckout(json)
    if (parsed.is !== 'valid') throw new ProblemError('invalid-checkout', { errors: parsed.faults })
    const request = { ...others, checkout: parsed.checkout }
    const [fault] = previewFaults(request, messageFiles)
    if (fault !== undefined) throw new ProblemError('invalid-preview', { detail: `/${fault}` })
    return context.json(previewMessage(request, messageFiles))
  })

  app.all('/messages', otherMethods('GET', 'HEAD'))
  app.all('/messages/preview', otherMethods('POST'))
}

function requestIn(json: unknown): z.infer<typeof bodySchema> {
  const { success, data, error } = bodySchema.safeParse(json)
  if (success) return data
  const faults = error.issues.map(({ path, message }) => `${jsonPointer(path)} ${message}`.trim())
  throw new ProblemError('invalid-preview', { detail: faults.join('; ') })
}
