import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface CertificateOptions {
  folder: string
  /** Of its files. */
  name: string
  /** For how long it is valid from now on. */
  days: number
  /** In addition. */
  seconds?: number
}

export interface Certificate {
  /** File with the private key, PKCS 12. */
  keystore: string
  password: string
  /** File with the certificate alone. */
  pem: string
}

/** Self-signed for 127.0.0.1, with Java's keytool: it is its own authority. */
export async function makeCertificate(options: CertificateOptions): Promise<Certificate> {
  const { folder, name, days, seconds = 0 } = options
  const keystore = join(folder, `${name}.p12`)
  const pem = join(folder, `${name}.pem`)
  const password = 'secret-of-tests'
  const store = ['-keystore', keystore, '-storepass', password, '-alias', name]
  const identity = ['-dname', `CN=test ${name}`, '-ext', 'san=ip:127.0.0.1', '-ext', 'bc=ca:true']
  // Its last second is a whole number of days after its first.
  const validity = ['-startdate', `-1d+${seconds}S`, '-validity', String(days + 1)]
  await run('keytool', ['-genkeypair', '-keyalg', 'EC', ...validity, ...identity, ...store])
  await run('keytool', ['-exportcert', '-rfc', '-file', pem, ...store])
  return { keystore, password, pem }
}
