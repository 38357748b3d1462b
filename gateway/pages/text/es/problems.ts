import type { ProblemCode } from '../../../../backbone/problem.ts'
import type { FaultCode } from '../../../../backbone/records/fault.ts'
import type { problems as english } from '../en/problems.ts'

const titles: Record<ProblemCode, string> = {
  'malformed-json': 'El contenido de la solicitud no es JSON válido',
  'invalid-request': 'Encabezado o parámetro no válido',
  unauthenticated: 'Se requiere una credencial válida',
  'bad-signature': 'La firma de la solicitud no es válida',
  forbidden: 'Acceso denegado',
  'not-found': 'No encontrado',
  'unknown-event': 'No se encontró el evento',
  'unknown-dead-letter': 'No se encontró el mensaje fallido',
  'unknown-calendar-event': 'No se encontró el evento del calendario',
  'method-not-allowed': 'Método no permitido',
  'body-timeout': 'El contenido de la solicitud no llegó a tiempo',
  'body-too-large': 'El contenido de la solicitud es demasiado grande',
  'record-too-large': 'El checkout es más grande de lo que Kafka acepta',
  'unsupported-media-type': 'Tipo de contenido no admitido',
  'invalid-checkout': 'El checkout tiene campos no válidos',
  'batch-too-large': 'El lote tiene más de 1.000 checkouts',
  'invalid-batch': 'El contenido de la solicitud no es una lista de checkouts',
  'batch-refused': 'Ningún checkout del lote es válido',
  'invalid-redrive': 'La solicitud de reenviar mensajes fallidos no es válida',
  'already-redriven': 'El mensaje fallido ya se reenvió con otro contenido',
  'invalid-preview': 'La solicitud de vista previa de un mensaje no es válida',
  'invalid-figures': 'Las cifras de la carga no son válidas',
  'invalid-calendar-event': 'El evento del calendario tiene campos no válidos',
  'partitions-refused': 'El cambio del número de particiones no es posible',
  'idempotency-key-reused': 'La clave de idempotencia ya se usó con otro contenido',
  'rate-limited': 'Demasiadas solicitudes',
  internal: 'Error interno del servidor',
  overloaded: 'Sobrecarga: no se guardó nada; intente de nuevo',
  'kafka-unavailable': 'No se confirmó que el checkout se haya guardado; intente de nuevo con la misma clave',
  'batch-not-stored':
    'No se confirmó que se haya guardado ningún checkout del lote; intente de nuevo con las mismas claves',
  'redrive-incomplete':
    'No se confirmó que se hayan guardado todos los mensajes fallidos; repita la solicitud',
  'results-unavailable': 'Los resultados no están disponibles; intente de nuevo',
  'figures-unavailable': 'Las cifras no se publicaron; las próximas tal vez sí',
  'calendar-not-stored': 'No se confirmó que el evento del calendario se haya guardado; intente de nuevo',
  'partitions-incomplete': 'El cambio del número de particiones no ha comenzado; repita la solicitud',
  'not-ready': 'Todavía no está listo',
  draining: 'El servidor se está cerrando; intente de nuevo',
}
const faults: Record<FaultCode, string> = {
  missing: 'Falta el campo',
  type: 'Tipo de JSON incorrecto',
  format: 'Formato incorrecto',
  length: 'Texto o lista demasiado largo',
  range: 'Número fuera de rango',
  unknown_field: 'El campo no existe',
}

export const problems: typeof english = {
  titles,
  withDetail: (title, detail) => `${title}. Detalle en inglés: ${detail}`,
  fault: (code, detail) => `${faults[code]} (${detail})`,
}
