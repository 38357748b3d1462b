import { bodyProblems, type Operation, readProblems } from './operation.ts'
import { signature } from './parameters.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

export const getMessages: Operation = {
  operationId: 'getMessages',
  tags: ['Messages'],
  summary: 'Get the messages in force',
  description:
    'The kinds of purchases with their limits, and the templates of their messages, of the processor that answers. Requires the scope `operate`.',
  responses: {
    200: json('Kinds, languages and templates', ref('Messages')),
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}

export const previewMessage: Operation = {
  operationId: 'previewMessage',
  tags: ['Messages'],
  summary: 'Preview a message',
  description:
    'What the customer of a checkout would get. Nothing is stored or sent. Requires the scope `operate`.',
  parameters: [signature],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['checkout'],
          properties: {
            checkout: ref('Checkout'),
            kind: { type: 'string', description: 'Instead of the kind of the checkout' },
            language: { type: 'string', description: 'Instead of the language of the country' },
          },
          additionalProperties: false,
        },
      },
    },
  },
  responses: {
    200: json('The message', ref('MessagePreview')),
    ...problemResponses([
      ...readProblems,
      ...bodyProblems,
      'invalid-request',
      'invalid-checkout',
      'invalid-preview',
    ]),
  },
}
