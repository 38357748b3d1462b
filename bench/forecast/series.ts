/** A series to forecast; what it calls an event is given in steps. */
export interface Series {
  name: string
  /** NaN where nothing is known. */
  values: Float64Array
  /** Steps of a day, of a week, and to forecast. */
  day: number
  week: number
  horizon: number
  events: readonly { from: number; until: number; times: number }[]
}
