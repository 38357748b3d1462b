import { X509Certificate } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import type { Registry } from 'prom-client'
import { watchNumbers } from '../process/metrics.ts'
import type { Credentials } from './credentials/open-credentials.ts'

/** Milliseconds since the epoch, by what has the certificate. */
type Expiries = ReadonlyMap<string, number>

/** Notes when the certificates expire that brokers present. */
export function noteCertificates(connect: ISocketFactory) {
  const expiries = new Map<string, number>()
  const connectNoting: ISocketFactory = (to) => {
    const socket = connect(to)
    if (socket instanceof TLSSocket) {
      socket.once('secureConnect', () => {
        const expiry = Date.parse(socket.getPeerCertificate().valid_to)
        if (Number.isFinite(expiry)) expiries.set(`${to.host}:${to.port}`, expiry)
      })
    }
    return socket
  }
  return { connect: connectNoting, expiries: expiries as Expiries }
}

/** When the first certificate of each file expires, by its setting. */
export const expiriesInFiles = (ssl: Credentials['ssl']): [string, number][] => {
  const expiries: [string, number][] = []
  if (ssl?.ca) expiries.push(['KAFKA_TLS_CA_FILE', Math.min(...ssl.ca.map(expiryOf))])
  if (ssl?.cert) expiries.push(['KAFKA_TLS_CERT_FILE', expiryOf(ssl.cert)])
  return expiries
}

const expiryOf = (pem: string): number => Date.parse(new X509Certificate(pem).validTo)

export function watchCertificateExpiry(registry: Registry, expiries: () => Expiries): void {
  watchNumbers(
    registry,
    {
      name: 'checkout_certificate_expiry_timestamp_seconds',
      help: 'When a certificate expires: that of a broker, or the first of a file',
      labelNames: ['certificate'],
    },
    () => [...expiries()].map(([certificate, expiry]) => [{ certificate }, expiry / 1_000]),
  )
}
