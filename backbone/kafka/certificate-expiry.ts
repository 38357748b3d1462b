import { X509Certificate } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import type { Registry } from 'prom-client'
import { watchNumbers } from '../process/metrics.ts'

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

/** When the first of several certificates in PEM expires. */
export const firstExpiry = (certificates: readonly (string | Buffer)[]): number =>
  Math.min(...certificates.map((pem) => Date.parse(new X509Certificate(pem).validTo)))

export function watchCertificateExpiry(registry: Registry, expiries: () => Expiries): void {
  watchNumbers(
    registry,
    {
      name: 'checkout_certificate_expiry_timestamp_seconds',
      help: 'When a certificate expires: that of a broker, or the first of KAFKA_TLS_CA_FILE',
      labelNames: ['certificate'],
    },
    () => [...expiries()].map(([certificate, expiry]) => [{ certificate }, expiry / 1_000]),
  )
}
