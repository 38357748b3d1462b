import { createSystemModel } from '../../backbone/operations/system-model.ts'
import { type OwnFigures, tickModel } from '../../backbone/operations/tick-model.ts'

/** The state as this gateway alone knows it, for when no processor answers. */
export function observeItself(own: OwnFigures) {
  const model = createSystemModel({
    from: own.figures().member,
    partial: true,
    // It knows no partitions.
    homePartitions: () => 1,
    followedSince: Date.now(),
  })
  return tickModel(model, own)
}
