import type { EventDetails, MemberEventCode } from '../../../../backbone/figures/member-event.ts'
import type { MemberState, PartitionLag } from '../../../../backbone/operations/system-state.ts'
import type { members as english } from '../en/members.ts'
import type { Words } from '../en/verdicts.ts'

const statuses: Record<MemberState['status'], string> = {
  ok: 'OK',
  starting: 'Iniciando',
  'not-ready': 'No listo',
  silent: 'Sin señal',
  stopped: 'Detenido',
}

const trends: Record<PartitionLag['trend'], string> = {
  none: 'ninguna',
  grows: '▲ crece',
  shrinks: '▼ baja',
  steady: '= estable',
}

const events: { [Code in MemberEventCode]: (words: Words<EventDetails[Code]>) => string } = {
  started: () => 'Inició',
  stopping: () => 'Se detiene',
  paused: ({ seconds }) => `No hizo nada durante ${seconds}: el proceso o su máquina estuvo congelado`,
  'partition-claimed': ({ partitions }) => `Tomó las particiones ${partitions}`,
  'partition-released': ({ partitions }) => `Soltó las particiones ${partitions}`,
  'processor-silent': ({ processor }) => `Ya no envía lecturas a ${processor}, que no responde`,
  'processor-back': ({ processor }) => `${processor} responde de nuevo`,
  'kafka-unavailable': ({ detail }) => `Kafka no está disponible: ${detail}`,
  'kafka-back': () => 'Kafka está disponible de nuevo',
  'access-refused': ({ detail }) => `Kafka niega el acceso: ${detail}`,
  'overload-began': ({ limit }) => `Comenzó una sobrecarga; el límite adaptativo es ${limit}`,
  'overload-ended': () => 'Terminó la sobrecarga',
  'member-silent': () => 'Sin señal: ya no publica cifras',
  'member-back': ({ seconds }) => `De vuelta tras ${seconds}`,
  redriven: ({ deadLetter, by }) => `Reenvió el mensaje fallido ${deadLetter}, a pedido de ${by}`,
}

export const members: typeof english = {
  title: 'Kafka y procesos',
  state: 'Estado',
  since: (time, duration) => `desde ${time} (${duration})`,
  statuses,
  memory: 'Memoria',
  cpu: 'CPU (de un núcleo)',
  startedAt: 'En marcha desde',
  gateways: {
    heading: 'Gateways',
    name: 'Gateway',
    none: 'No se conoce ningún gateway.',
    perSecond: 'Checkouts/s',
    p99: 'p99',
    inFlight: 'En curso / límite',
    waiting: 'Esperan a Kafka',
  },
  processors: {
    heading: 'Procesadores',
    name: 'Procesador',
    none: 'No se conoce ningún procesador.',
    perSecond: 'Resultados/s',
    partitions: 'Particiones',
    noPartitions: 'ninguna',
    readModelLag: 'Atraso del modelo de lectura (registros)',
    streams: 'Streams',
    notServing: 'no sirve resultados',
  },
  partitions: {
    heading: 'Particiones de DataTopic',
    name: 'Partición',
    none: 'Se desconocen las particiones.',
    lane: 'Carril',
    lanes: { purchase: 'Compras', browse: 'Visitas' },
    owner: 'Dueño',
    nobody: '✕ nadie',
    before: (owner) => `(era ${owner})`,
    records: 'Sin clasificar',
    seconds: 'El más antiguo espera',
    trend: 'Tendencia',
    trends,
    clearedIn: 'Al día en',
    total: (records, seconds) => `En total ${records} sin clasificar; el más antiguo espera hace ${seconds}.`,
    leftOut: (others) => `Se listan las que no tienen dueño y las más atrasadas; faltan otras ${others}.`,
    totalClearedIn: (duration) => `Al ritmo actual se clasifican todos en ${duration}.`,
  },
  brokers: {
    heading: 'Brokers',
    name: 'Broker',
    none: 'Se desconocen los brokers.',
    answers: '✓ responde',
    doesNotAnswer: '✕ no responde',
    leads: 'Lidera',
    inSync: 'Réplicas sincronizadas',
    ofReplicas: (inSync, replicas) => `${inSync} de ${replicas}`,
    allInSync: 'Todas las particiones tienen todas sus réplicas sincronizadas.',
    underReplicated: (partitions) => `Particiones a las que falta una réplica: ${partitions}.`,
    belowMinIsr: (list) => `✕ Bajo el mínimo de réplicas sincronizadas, rechazan escrituras: ${list}.`,
  },
  events: {
    heading: 'Eventos, los más recientes primero',
    none: 'No pasó nada en las últimas 24 horas.',
    time: 'Hora',
    member: 'Proceso',
    event: 'Evento',
    sentences: events,
  },
}
