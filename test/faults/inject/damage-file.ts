import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'

const BLOCK = 4_096

/** Overwrites every second block, from some block on, like a defective disk. */
export function damageFile(path: string, chance: number): void {
  const file = openSync(path, 'r+')
  try {
    const blocks = Math.floor(fstatSync(file).size / BLOCK)
    const garbage = Buffer.alloc(BLOCK, 0xa5)
    for (let block = Math.floor(chance * blocks * 0.5); block < blocks; block += 2) {
      writeSync(file, garbage, 0, BLOCK, block * BLOCK)
    }
  } finally {
    closeSync(file)
  }
}
