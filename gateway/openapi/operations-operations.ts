import { accessProblems, bodyProblems, type Operation } from './operation.ts'
import { signature } from './parameters.ts'
import { problemResponses } from './responses.ts'
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
