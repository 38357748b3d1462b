import { expect, test } from 'vitest'
import { refusedCertificate } from './refusal.ts'

// Runtimes name the same alert differently.
test.each([
  'ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED',
  'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
  'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN',
  'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
])('%s is about the certificate of this process', (code) => {
  const check = 'KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE'
  expect(refusedCertificate('kafka:9093', code, false)).toEqual({
    of: 'connection',
    what: `Kafka at kafka:9093 requires a client certificate (${code})`,
    check,
  })
  expect(refusedCertificate('kafka:9093', code, true)).toEqual({
    of: 'connection',
    what: `Kafka at kafka:9093 refused the client certificate (${code})`,
    check,
  })
})

test.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
  '%s is about the certificate of the broker',
  (code) => {
    expect(refusedCertificate('kafka:9093', code, true)?.check).toBe('KAFKA_TLS_CA_FILE')
  },
)

test.each(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])(
  '%s: another authority would not help; the certificate, or the clock, is wrong',
  (code) => {
    expect(refusedCertificate('kafka:9093', code, true)).toEqual({
      of: 'connection',
      what: `The certificate of Kafka at kafka:9093, or of its authority, is not valid now (${code})`,
      check:
        'when the certificates of the broker and in KAFKA_TLS_CA_FILE expire, and the clock of this machine',
    })
  },
)
