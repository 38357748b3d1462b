export const mutationNames = [
  'ack-before-kafka',
  'no-fencing',
  'no-claim',
  'offsets-before-outcomes',
  'no-deduplication',
  'forget-window',
  'resume-too-late',
  'resume-too-early',
  'drop-dead-letter',
  'forget-follow-ups',
  'round-taps',
  'reverse-batch',
  'holes-in-a-view',
  'leak-memory',
  'log-a-customer',
  'give-up-consuming',
  'keep-password',
] as const

export type Mutation = (typeof mutationNames)[number]
