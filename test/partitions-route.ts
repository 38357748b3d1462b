import type { PartitionsState } from '../backbone/layout/partitions-state.ts'

const urlOf = (gateway: string) => `${gateway}/operations/partitions`

/** Asks a gateway to spread customers over more partitions: `{ partitions: 9 }`. */
export const requestPartitions = (gateway: string, body: unknown): Promise<Response> =>
  fetch(urlOf(gateway), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

export async function partitionsAt(gateway: string): Promise<PartitionsState> {
  return (await (await fetch(urlOf(gateway))).json()) as PartitionsState
}
