import { pin, type Role } from './pin.ts'

const running = new Set<Bun.Subprocess>()
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

function endChildren(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** When this process ends, for any reason, its children end with it; after a signal, it first ends `rest`, too. */
export function endChildrenWithThisProcess(rest: () => Promise<void> = () => Promise.resolve()): void {
  process.on('exit', endChildren)
  for (const [signal, exitCode] of Object.entries(SIGNALS))
    process.once(signal, () => {
      endChildren()
      void rest().finally(() => process.exit(exitCode))
    })
}

export interface Ended {
  stdout: string
  /** CPU time of all its threads, from start to end. */
  cpuMs: number
}

/** Rejects if the command fails or takes longer than `withinMs`. */
export async function runToEnd(command: string[], withinMs: number, role?: Role): Promise<Ended> {
  const child = Bun.spawn(command, {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: withinMs,
    killSignal: 'SIGKILL',
  })
  keep(child)
  if (role !== undefined) pin(child.pid, role)
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (exitCode !== 0) {
    throw new Error(`${command[0]} ended with ${child.signalCode ?? exitCode}: ${stderr || stdout}`)
  }
  return { stdout, cpuMs: Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1000 }
}

/** Its standard input stays open as long as this process lives: the child ends itself when it closes. */
export async function startChild(
  command: string[],
): Promise<{ firstLine: string; end: () => Promise<void> }> {
  const child = Bun.spawn(command, { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' })
  keep(child)
  let text = ''
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('\n')) break
  }
  if (!text.includes('\n'))
    throw new Error(`a server did not start: ${await new Response(child.stderr).text()}`)
  return {
    firstLine: text.slice(0, text.indexOf('\n')),
    async end() {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

/** Adds a child to those that {@link endChildrenWithThisProcess} ends. */
export function keep(child: Bun.Subprocess): void {
  running.add(child)
  void child.exited.then(() => running.delete(child))
}
