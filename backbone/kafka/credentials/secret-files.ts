import type { Logger } from 'pino'
import { type Reloaded, reloadFiles } from '../../process/reload-files.ts'
import { SettingsError } from '../../process/settings.ts'
import type { SecretFile } from './parse-secrets.ts'
import type { CredentialSettings } from './settings.ts'

type FileSetting = Extract<keyof CredentialSettings, `${string}_FILE`>

/** The files of one process that have secrets or certificates, read again when they change: see {@link reloadFiles}. */
export function createSecretFiles(settings: CredentialSettings, log: Logger) {
  const opened: Reloaded<unknown>[] = []
  const faults: string[] = []
  let reload = Promise.withResolvers<void>()

  function reloaded(): void {
    reload.resolve()
    reload = Promise.withResolvers()
  }

  return {
    /** What these files contain at present; undefined if the settings name none, or if they cannot be used. */
    open<T>(names: readonly FileSetting[], parse: (...files: SecretFile[]) => T): (() => T) | undefined {
      const files = names.flatMap((name) => {
        const path = settings[name]
        return path === undefined ? [] : [{ name, path }]
      })
      if (files.length === 0) return undefined
      try {
        const secret = openFiles(files, parse, reloaded, log)
        opened.push(secret)
        return secret.current
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error
        faults.push(error.message)
        return undefined
      }
    },
    /** Throws {@link SettingsError} with all faults of the files that were opened. */
    assertUsable(): void {
      if (faults.length > 0) throw new SettingsError(faults.join('\n'))
    },
    /** Resolves when one of the files has new content that is valid. */
    nextReload: () => reload.promise,
    stop: () => opened.forEach((secret) => secret.stop()),
  }
}

export type SecretFiles = ReturnType<typeof createSecretFiles>

function openFiles<T>(
  files: readonly Omit<SecretFile, 'text'>[],
  parse: (...files: SecretFile[]) => T,
  onReload: () => void,
  log: Logger,
): Reloaded<T> {
  const names = files.map(({ name }) => name).join(' and ')
  const paths = files.map(({ path }) => path)
  try {
    return reloadFiles({
      paths,
      parse: (texts) => parse(...files.map((file, index) => ({ ...file, text: texts[index] ?? '' }))),
      onReload() {
        log.info(`${names} reloaded, for new connections`)
        onReload()
      },
      onFault: (error) =>
        log.error({ reason: String(error) }, `${names} cannot be used, keeping the previous content`),
    })
  } catch (error) {
    if (error instanceof SettingsError) throw error
    throw new SettingsError(`${names}: cannot read ${paths.join(' and ')}: ${String(error)}`)
  }
}
