/** Of two inputs of local time; empty: no bound. */
interface LocalPeriod {
  since: string
  until: string
}

/** From the local time of an input, which has no zone: it is the viewer's. */
export const instantOf = (local: string): string => new Date(local).toISOString()

/** As parameters of the API; undefined if the period ends before it begins. */
export function periodParameters({ since, until }: LocalPeriod): Record<string, string> | undefined {
  if (since !== '' && until !== '' && since >= until) return undefined
  return {
    ...(since === '' ? {} : { since: instantOf(since) }),
    ...(until === '' ? {} : { until: instantOf(until) }),
  }
}
