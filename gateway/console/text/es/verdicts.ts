import type { VerdictDetails } from '../../../../backbone/operations/verdict.ts'
import type { verdicts as english, Words } from '../en/verdicts.ts'

const backlog = ({ records, seconds, partitions, member }: Words<VerdictDetails['lag-grows']>) =>
  `${records} checkouts esperan, el más antiguo hace ${seconds}; particiones ${partitions}, la más atrasada es de ${member || 'ningún proceso'}`

export const verdicts: typeof english = {
  'buyers-refused': {
    sentence: (words) =>
      'gateways' in words ? 'Ningún gateway responde: nadie puede comprar' : 'No se acepta ninguna compra',
    facts: (words) =>
      'gateways' in words ? '' : `${words.perSecond} compras por segundo reciben ${words.status}`,
    advice: (words) =>
      'gateways' in words
        ? 'Inicie los gateways; sus logs dicen por qué se detuvieron.'
        : 'Corrija lo que aparece abajo. Si no hay nada, lea el log de un gateway.',
  },
  'kafka-unavailable': {
    sentence: () => 'Kafka no responde',
    advice: () =>
      'Inicie los brokers o revise la red hacia ellos. Lo aceptado está guardado; hasta entonces, los checkouts nuevos reciben 503.',
  },
  'below-min-isr': {
    sentence: () => 'Kafka está bajo el mínimo de réplicas sincronizadas',
    facts: ({ partitions, topic, broker }) =>
      `${partitions} particiones, también de ${topic}; sin sincronizar: broker ${broker}`,
    advice: ({ broker }) =>
      `Inicie el broker ${broker}, o revise su log y su disco. Hasta entonces, los checkouts a estas particiones reciben 503.`,
  },
  'checkouts-wait': {
    sentence: () => 'Los compradores esperan a Kafka',
    facts: ({ records, seconds }) => `${records} checkouts esperan, el más antiguo hace ${seconds}`,
    advice: () =>
      'Revise los brokers y la red hacia ellos. Los checkouts que esperan demasiado se responden con 503.',
  },
  'processors-silent': {
    sentence: () => 'Ningún procesador responde',
    facts: ({ processors }) => `${processors} están configurados`,
    advice: () =>
      'Inicie los procesadores; sus logs dicen por qué se detuvieron. Los clientes pueden seguir comprando: sus checkouts se guardan y se les notifica después.',
  },
  'member-silent': {
    sentence: ({ member }) => `${member} está sin señal`,
    facts: ({ partitions }) =>
      partitions
        ? `No publica cifras, y nadie ha tomado todavía sus particiones ${partitions}`
        : 'No publica cifras',
    advice: ({ role, member }) =>
      role === 'gateway'
        ? `Reinicie ${member}, salvo que su log diga que sus cifras no se publican. Hasta entonces, su balanceador debe enviar los checkouts a los demás.`
        : `Reinicie ${member}. Los demás procesadores toman sus particiones en segundos.`,
  },
  'partition-unowned': {
    sentence: ({ partitions }) => `Nadie clasifica las particiones ${partitions}`,
    facts: ({ records }) => `${records} checkouts esperan ahí`,
    advice: () =>
      'Inicie un procesador. Si hay suficientes en marcha, lea sus logs: no logran tomar una partición.',
  },
  'some-purchases-refused': {
    sentence: () => 'Se rechazan algunas compras',
    facts: ({ perSecond, percent, status }) =>
      `${perSecond} por segundo (${percent} %), la mayoría con ${status}`,
    advice: ({ status }) =>
      status === '429'
        ? 'Una clave o una dirección envía más de lo que permite su límite. Suba el límite si es una tienda.'
        : 'Si las solicitudes en curso están en su límite, inicie más gateways o deles más núcleos. Si no, revise Kafka.',
  },
  'lag-grows': {
    sentence: () => 'Las notificaciones se atrasan cada vez más',
    facts: backlog,
    advice: ({ member }) =>
      `Revise los núcleos, el disco y el log de ${member || 'los procesadores'}. Si todas las particiones se atrasan, inicie más procesadores.`,
  },
  'visits-refused': {
    sentence: () => 'Se rechazan visitas',
    facts: ({ perSecond, percent, status }) =>
      `${perSecond} visitas por segundo (${percent} %), la mayoría con ${status}`,
    advice: () =>
      'En los peaks, las compras tienen prioridad. Si continúa, inicie más gateways o deles más núcleos.',
  },
  'forecast-beyond-capacity': {
    sentence: () => 'Se esperan más checkouts de los que los procesadores clasifican',
    facts: ({ seconds, perSecond, capacity }) =>
      `en ${seconds}: se esperan ${perSecond} por segundo, se clasificaron ${capacity} como máximo`,
    advice: () =>
      'Inicie más procesadores ahora. Lo que no clasifiquen a tiempo queda en espera; no se pierde nada.',
  },
  'access-refused': {
    sentence: ({ member }) => `Kafka niega el acceso a ${member}`,
    facts: ({ detail }) => detail,
    advice: ({ member }) => `Corrija las credenciales de ${member}, o las ACL de su usuario de Kafka.`,
  },
  'catching-up': {
    sentence: () => 'Las notificaciones están atrasadas, pero se ponen al día',
    facts: (words) =>
      words.clearedIn === undefined ? backlog(words) : `${backlog(words)}; al día en ${words.clearedIn}`,
    advice: () => 'Espere. Si tarda demasiado, inicie más procesadores.',
  },
  'not-ready': {
    sentence: ({ member }) => `${member} no está listo`,
    facts: ({ check, detail }) => `${check}: ${detail}`,
    advice: ({ member }) => `Lea el log de ${member}. Los checkouts van a los procesos que están listos.`,
  },
  starting: {
    sentence: (words) =>
      'member' in words ? `${words.member} se está iniciando` : 'Los procesadores se están iniciando',
    facts: (words) => {
      if ('processors' in words)
        return `Procesadores que responden, pero aún no conocen el estado del sistema: ${words.processors}`
      return words.check ? `${words.check}: ${words.detail}` : ''
    },
    advice: () => 'Espere. Un procesador que sirve resultados lee primero todas las notificaciones.',
  },
  'buyers-get-through': {
    sentence: () => 'Los clientes compran sin problemas',
    advice: () => 'No hay nada que hacer.',
  },
}
