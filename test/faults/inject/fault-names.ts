export const faultNames = [
  'kill-gateway',
  'kill-all-gateways',
  'kill-processor',
  'kill-all-processors',
  'kill-broker',
  'kill-controller',
  'kill-all-brokers',
  'freeze-gateway',
  'freeze-processor',
  'freeze-broker',
  'freeze-controller',
  'roll-gateways',
  'roll-processors',
  'roll-brokers',
  'cut',
  'delay',
  'half-open',
  'reset',
  'lost-answers',
  'truncated-answers',
  'reset-answers',
  'below-min-isr',
  'disk-full',
  'delete-view',
  'corrupt-view',
  'clock',
  'broker-clock',
  'slow-clients',
] as const

export type FaultName = (typeof faultNames)[number]

/** A fault that will be injected, or was. */
export interface PlannedFault {
  name: FaultName
  /** The parts and links that it happens to. */
  targets: string[]
  /** Milliseconds from the start of the load. */
  at: number
  lastsMs: number
  /** From 0 to 1: what else is left to chance, such as how long a delay is. */
  chance: number
}
