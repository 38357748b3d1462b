import type { OutcomeKind } from '../../../../backbone/records/outcome.ts'
import type { overview as english } from '../en/overview.ts'

const kinds: Record<OutcomeKind, string> = {
  quick: 'Compra rápida',
  slow: 'Compra lenta',
  none: 'Sin compra',
  unverified: 'Sin verificar',
  invalid: 'No válido',
}

export const overview: typeof english = {
  title: 'Resumen',
  verdict: {
    heading: 'Estado',
    levels: { ok: 'OK', warn: 'Advertencia', bad: 'Problema', unknown: 'Desconocido' },
    since: (time, duration) => `desde ${time} (${duration})`,
    more: 'Además',
  },
  checkouts: {
    heading: 'Checkouts por segundo',
    answer: 'Respuesta',
    lanes: { purchase: 'Compras', browse: 'Visitas', unknown: 'No leídos' },
    rows: {
      accepted: 'Aceptados (2xx)',
      refused: 'Rechazados (429, 503)',
      invalid: 'No válidos (otros 4xx)',
      failed: 'Fallidos (otros 5xx)',
      p50: 'p50 de aceptados',
      p99: 'p99 de aceptados',
    },
  },
  capacity: {
    heading: 'Capacidad',
    inFlight: 'Solicitudes en curso',
    limit: 'Límite adaptativo',
    waiting: 'Esperan a Kafka',
    members: 'Procesos OK',
    ofMembers: (ok, all) => `${ok} de ${all}`,
    streams: 'Streams abiertos',
  },
  outcomes: { heading: 'Resultados por segundo', kinds, repetitions: 'Repeticiones' },
  notifications: {
    heading: 'Del POST a la notificación',
    delay50: 'Demora p50',
    delay99: 'Demora p99',
    records: 'Sin clasificar',
    oldest: 'El más antiguo espera',
    clearedIn: 'Al día en',
  },
  load: {
    heading: 'Prueba de carga',
    line: (name, stage) => `${name}, etapa ${stage}`,
    planned: 'Planificados/s',
    accepted: 'Aceptados/s',
    failed: 'Fallidos',
    p99: 'p99',
  },
  plots: {
    heading: 'Últimos 15 minutos',
    rates: 'Checkouts por segundo',
    latency: 'Tiempos de respuesta y notificación',
    lag: 'Edad del checkout sin clasificar más antiguo',
    series: {
      purchases: 'Compras',
      visits: 'Visitas',
      refusedPurchases: 'Compras rechazadas',
      refusedVisits: 'Visitas rechazadas',
      planned: 'Prueba de carga, planificados',
      accepted: 'Prueba de carga, aceptados',
      p50: 'Respuesta p50',
      p99: 'Respuesta p99',
      delayP99: 'Notificación p99',
      lag: 'Edad',
    },
    summary: (name, now, highest) => `${name}: ahora ${now}, máximo ${highest}`,
    at: (time) => `a las ${time}`,
  },
  live: {
    waiting: 'Esperando las primeras cifras …',
    partial: (member) =>
      `Ningún procesador sirve el estado del sistema: estas cifras son solo de ${member}. No se cuentan otros gateways.`,
    onlyOwn: (members) =>
      `Las cifras llegan por Kafka, que no responde: solo las de ${members} son actuales.`,
    stale: (duration) => `Cifras de hace ${duration}: se perdió la conexión. Intentando de nuevo …`,
    silent: (member, duration) => `${member} está en silencio hace ${duration}: no se cuentan sus cifras.`,
    kafkaUnknown: 'Se desconoce el estado de los brokers.',
    kafkaOld: (duration) => `El estado de los brokers tiene ${duration}.`,
    unknown: 'Se desconoce el estado del sistema',
    withoutFigures: (duration) => `sin cifras hace ${duration}`,
    lastKnown: (sentence) => `Último estado conocido: ${sentence}`,
  },
}
