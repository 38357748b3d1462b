type NumberArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array

const FIRST_CAPACITY = 1_024

/** An append-only column of numbers. Millions are kept, which would not fit as objects. */
export function createNumberColumn<Numbers extends NumberArray>(NumbersOf: new (length: number) => Numbers) {
  let values = new NumbersOf(FIRST_CAPACITY)
  let length = 0

  return {
    push(value: number) {
      if (length === values.length) {
        const larger = new NumbersOf(2 * length)
        larger.set(values)
        values = larger
      }
      values[length++] = value
    },
    length: () => length,
    toArray: () => values.slice(0, length) as Numbers,
  }
}
