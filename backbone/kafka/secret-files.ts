import { X509Certificate } from 'node:crypto'
import { readSettingsFile, SettingsError } from '../process/settings.ts'

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The certificates of a PEM file. Throws {@link SettingsError} when there are none, or one that is damaged. */
export function readCertificates(name: string, path: string): string[] {
  const certificates = readSettingsFile(name, path).match(PEM) ?? []
  if (certificates.length === 0) throw new SettingsError(`${name}: ${path} has no certificate in PEM`)
  const damaged = certificates.findIndex((certificate) => !isCertificate(certificate))
  if (damaged >= 0) throw new SettingsError(`${name}: certificate ${damaged + 1} of ${path} is damaged`)
  return certificates
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

/** The content of a file without the white space around it. Throws {@link SettingsError} when nothing is left. */
export function readPassword(name: string, path: string): string {
  const password = readSettingsFile(name, path).trim()
  if (password === '') throw new SettingsError(`${name}: ${path} is empty`)
  return password
}
