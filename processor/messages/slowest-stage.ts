import type { Stage } from '../../backbone/records/checkout.ts'

export type SlowestStage = Omit<Stage, 'error'> & { error: string | undefined }

/**
 * The stage with the most seconds, those of all its visits added up: a customer may come back to the payment. Of equal
 * ones, the first. Its error is the last one in this stage, or else the last one anywhere.
 */
export function slowestStage(stages: readonly Stage[]): SlowestStage | undefined {
  const seconds = new Map<string, number>()
  for (const { etapa, segundos } of stages) seconds.set(etapa, (seconds.get(etapa) ?? 0) + segundos)
  const [first, ...others] = seconds
  if (first === undefined) return undefined
  const [etapa, segundos] = others.reduce((most, next) => (next[1] > most[1] ? next : most), first)
  const failed = stages.filter(({ error }) => error !== undefined)
  const { error } = failed.findLast((stage) => stage.etapa === etapa) ?? failed.at(-1) ?? {}
  return { etapa, segundos, error }
}
