import type { Timeline } from '../../backbone/timeline/timeline.ts'
import type { Accepted } from './accept-checkout.ts'

/** What a gateway knows of a checkout that it has stored, before a processor has classified it. */
export function acceptedTimeline({ eventId, partition, offset, corrections }: Accepted): Timeline {
  return {
    eventId,
    status: 'accepted',
    steps: [
      ...(corrections ? [{ what: 'corrected', at: null, where: {}, corrections } as const] : []),
      { what: 'stored', at: null, where: { partition, offset } },
    ],
    incomplete: [],
  }
}
