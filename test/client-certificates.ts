import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const VALID = ['-days', '30']
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** An authority that issues client certificates, with openssl: keytool does not export private keys in PEM. */
export async function createAuthority(folder: string, name: string) {
  const file = (ending: string) => join(folder, `${name}${ending}`)
  const caFile = file('.pem')
  const subject = ['-subj', `/CN=authority ${name}`]
  await run('openssl', [
    'req',
    '-x509',
    ...NEW_KEY,
    ...VALID,
    ...subject,
    '-keyout',
    file('.key'),
    '-out',
    caFile,
  ])

  return {
    caFile,
    /** `user`: the common name, which is the whole subject. */
    async issue(user: string): Promise<{ cert: string; key: string }> {
      const [request, key, cert] = ['.csr', '.key', '.pem'].map((ending) => file(`-${user}${ending}`))
      if (!request || !key || !cert) throw new Error('no file names')
      await run('openssl', ['req', ...NEW_KEY, '-subj', `/CN=${user}`, '-keyout', key, '-out', request])
      const signer = ['-CA', caFile, '-CAkey', file('.key'), '-CAcreateserial']
      await run('openssl', ['x509', '-req', '-in', request, ...signer, ...VALID, '-out', cert])
      return { cert, key }
    },
  }
}
