import type { ProcessStatus } from './probe.ts'

/** Why lag is not shown, and what to do; undefined where it is, or where no key would help. */
export function lagAdvice(
  statuses: readonly Pick<ProcessStatus, 'lag'>[],
  keyFile: string | undefined,
): string | undefined {
  const shows = (lag: ProcessStatus['lag']) => statuses.some((status) => status.lag === lag)
  if (shows('needs another scope'))
    return `the key in ${keyFile} lacks the scope operate: lag is shown only with it`
  if (!shows('needs a key')) return undefined
  return keyFile === undefined
    ? 'lag is shown to an API key with the scope operate: --key-file FILE'
    : `the key in ${keyFile} is unknown or has ended: lag is not shown to it`
}
