import { MOST_PARTITIONS } from '../../backbone/layout/partitions-state.ts'
import { accessProblems, bodyProblems, type Operation, readProblems } from './operation.ts'
import { signature } from './parameters.ts'
import { json, problemResponses } from './responses.ts'
import { ref } from './schemas.ts'

export const postLoadFigures: Operation = {
  operationId: 'postLoadFigures',
  tags: ['Operation'],
  summary: 'Report the figures of a load run',
  description:
    'Requires the scope `operate`. For load generators, once a second, at most three times: the operations page shows them beside the figures of the system.',
  parameters: [signature],
  requestBody: { required: true, content: { 'application/json': { schema: ref('LoadFigures') } } },
  responses: {
    204: { description: 'Published' },
    ...problemResponses([...accessProblems, ...bodyProblems, 'invalid-figures', 'figures-unavailable']),
  },
}

const partitionsState = {
  type: 'object',
  required: ['partitions', 'version', 'change'],
  properties: {
    partitions: { type: 'integer', description: 'Partitions that customers are spread over' },
    version: { type: 'integer', description: 'How often it was changed' },
    change: {
      type: ['object', 'null'],
      description: 'A change that is not in force yet',
      required: ['partitions', 'begun', 'switched', 'of'],
      properties: {
        partitions: { type: 'integer' },
        begun: { type: 'boolean', description: 'Whether checkouts wait for it' },
        switched: { type: 'integer', description: 'Partitions that have switched' },
        of: { type: 'integer', description: 'Partitions before the change' },
      },
    },
  },
}

export const getPartitions: Operation = {
  operationId: 'getPartitions',
  tags: ['Operation'],
  summary: 'How many partitions customers are spread over',
  description: 'Requires the scope `operate`.',
  responses: {
    200: json('The number in force, and a change that is under way', partitionsState),
    ...problemResponses(['invalid-request', ...readProblems]),
  },
}

export const growPartitions: Operation = {
  operationId: 'growPartitions',
  tags: ['Operation'],
  summary: 'Spread customers over more partitions',
  description:
    'Requires the scope `operate`. Checkouts wait for some seconds, none is refused. The same request again continues a change that was interrupted.',
  parameters: [signature],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['partitions'],
          additionalProperties: false,
          properties: { partitions: { type: 'integer', minimum: 2, maximum: MOST_PARTITIONS } },
        },
      },
    },
  },
  responses: {
    200: json('It is in force already', partitionsState),
    202: json('The change has begun', partitionsState),
    ...problemResponses([
      ...readProblems,
      ...bodyProblems,
      'invalid-request',
      'partitions-refused',
      'partitions-incomplete',
    ]),
  },
}
