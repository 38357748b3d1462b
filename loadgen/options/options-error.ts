/** All faults of the options. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
  readonly faults: string[]

  constructor(faults: string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}
