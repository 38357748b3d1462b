import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { SettingsError } from '../../process/settings.ts'

export interface SecretFile {
  /** Of the setting that has the path. */
  name: string
  path: string
  text: string
}

/** A client certificate with its chain, and its private key, in PEM. */
export interface Identity {
  cert: string
  key: string
}

const BEGIN = /-----BEGIN CERTIFICATE-----/g
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The certificates in PEM. Throws {@link SettingsError} when there are none, or one that is damaged or cut off. */
export function parseCertificates({ name, path, text }: SecretFile): string[] {
  const certificates = text.match(PEM) ?? []
  if (certificates.length === 0) throw new SettingsError(`${name}: ${path} has no certificate in PEM`)
  const damaged = certificates.findIndex((certificate) => !isCertificate(certificate))
  const cutOff = certificates.length < (text.match(BEGIN) ?? []).length ? certificates.length : -1
  const fault = damaged >= 0 ? damaged : cutOff
  if (fault >= 0) throw new SettingsError(`${name}: certificate ${fault + 1} of ${path} is damaged`)
  return certificates
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

/** Throws {@link SettingsError} when one of them is damaged, or when they do not belong together. */
export function parseIdentity(cert: SecretFile, key: SecretFile): Identity {
  const chain = parseCertificates(cert)
  if (!new X509Certificate(chain[0] ?? '').checkPrivateKey(parsePrivateKey(key)))
    throw new SettingsError(`${key.name}: ${key.path} is not the key of ${cert.path}`)
  return { cert: chain.join('\n'), key: key.text }
}

function parsePrivateKey({ name, path, text }: SecretFile): KeyObject {
  if (text.includes('ENCRYPTED')) throw new SettingsError(`${name}: ${path} must not need a passphrase`)
  try {
    return createPrivateKey(text)
  } catch {
    throw new SettingsError(`${name}: ${path} has no private key in PEM`)
  }
}

// What a decoder puts in place of bytes that are not UTF-8, such as those of Latin-1 or UTF-16.
const REPLACEMENT = '\ufffd'

/**
 * The content without a byte order mark and the line ends after it; spaces belong to it. Throws {@link SettingsError} when
 * nothing is left, or when it is not UTF-8.
 */
export function parsePassword({ name, path, text }: SecretFile): string {
  if (text.includes(REPLACEMENT)) throw new SettingsError(`${name}: ${path} is not UTF-8`)
  if (text.trim() === '') throw new SettingsError(`${name}: ${path} is empty`)
  return text.replace(/^\ufeff/, '').replace(/[\r\n]+$/, '')
}
