import type { ProcessStatus } from './probe.ts'

/** Why lag is not shown, and what to do; undefined if it is shown, or if a key would not help. */
export function lagAdvice(
  statuses: readonly Pick<ProcessStatus, 'lag'>[],
  keyFile: string | undefined,
): string | undefined {
  const shows = (lag: ProcessStatus['lag']) => statuses.some((status) => status.lag === lag)
  if (shows('scope missing')) return `the key in ${keyFile} lacks the scope operate: lag requires it`
  if (!shows('key required')) return undefined
  return keyFile === undefined
    ? 'lag requires an API key with the scope operate: --key-file FILE'
    : `the key in ${keyFile} is unknown or has expired: lag is not shown`
}
