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
  'change-password',
  'clock',
  'broker-clock',
  'slow-clients',
  'grow-partitions',
] as const

export type FaultName = (typeof faultNames)[number]

/** A planned or injected fault. */
export interface PlannedFault {
  name: FaultName
  /** The affected parts and links. */
  targets: string[]
  /** Milliseconds from the start of the load. */
  at: number
  lastsMs: number
  /** From 0 to 1: a random parameter, such as the length of a delay. */
  chance: number
}
