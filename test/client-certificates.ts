import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 needs this polyfill, and does not bring it.
import 'reflect-metadata'
import { BasicConstraintsExtension, PemConverter, X509CertificateGenerator } from '@peculiar/x509'

const DAY_MS = 86_400_000
const KEY = { name: 'ECDSA', namedCurve: 'P-256' }
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' }

const newKeys = () => crypto.subtle.generateKey(KEY, true, ['sign', 'verify'])
const validity = () => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + 30 * DAY_MS),
})
// The first bit of a serial number is its sign.
const newSerialNumber = () => `01${randomBytes(8).toString('hex')}`

/** An authority that issues client certificates: keytool does not export private keys in PEM. */
export async function createAuthority(folder: string, name: string) {
  const caFile = join(folder, `${name}.pem`)
  const keys = await newKeys()
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: `CN=authority ${name}`,
    ...validity(),
    keys,
    signingAlgorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  })
  writeFileSync(caFile, authority.toString('pem'))

  return {
    caFile,
    /** `user`: the common name, which is the whole subject. */
    async issue(user: string): Promise<{ cert: string; key: string }> {
      const own = await newKeys()
      const certificate = await X509CertificateGenerator.create({
        serialNumber: newSerialNumber(),
        subject: `CN=${user}`,
        issuer: authority.subject,
        ...validity(),
        signingKey: keys.privateKey,
        publicKey: own.publicKey,
        signingAlgorithm,
      })
      const [key, cert] = [join(folder, `${name}-${user}.key`), join(folder, `${name}-${user}.pem`)]
      const pkcs8 = await crypto.subtle.exportKey('pkcs8', own.privateKey)
      writeFileSync(key, PemConverter.encode(pkcs8, 'PRIVATE KEY'))
      writeFileSync(cert, certificate.toString('pem'))
      return { cert, key }
    },
  }
}
