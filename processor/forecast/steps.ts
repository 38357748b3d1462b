/** A series with two seasons. In production a step is a minute. */
export interface Steps {
  /** What came, divided by `factors`; NaN where nothing is known. */
  values: Float64Array
  /** Place in the week of each value and of each step to forecast. */
  slots: Int32Array
  /** Of the same steps: how many times as much as usual calendar events bring; 1 outside of them. */
  factors: Float64Array
  /** Steps of a day. */
  day: number
  /** Steps of a week. */
  week: number
}

/** The seasons are learned from these steps. An event tells little about them, even if its factor is about right. */
export const isUsual = ({ values, factors }: Steps, t: number): boolean =>
  !Number.isNaN(values[t]) && factors[t] === 1
