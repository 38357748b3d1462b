import { spawnSync } from 'node:child_process'

/** The ids of the processes whose command line has `text` in it. */
export function processesNaming(text: string): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => Number.parseInt(line, 10))
}
