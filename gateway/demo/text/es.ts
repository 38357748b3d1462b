import type { en } from './en.ts'

export const es: typeof en = {
  title: 'Tienda de demostración',
  intro:
    'Cada compra aquí es inventada, pero se guarda, se clasifica y se notifica como cualquier otra. La página la envía con el mismo script que usaría una tienda.',
  customer: 'Cliente',
  another: 'Otro cliente',
  product: 'En el carrito',
  path: 'Dónde está el cliente',
  pathHint: 'Medido en esta página, con el tiempo en que está oculta.',
  stages: { catalogo: 'Catálogo', carro: 'Carro', direccion: 'Dirección', pago: 'Pago' },
  paymentError: 'El pago falla',
  actionsTitle: 'Lo que hace el cliente',
  actions: {
    measured: { label: 'Comprar ahora', about: 'Después del tiempo que midió esta página.' },
    quick: { label: 'Comprar rápido', about: 'Pocos minutos después de llegar.' },
    slow: { label: 'Comprar lento', about: 'Más de media hora después de llegar.' },
    look: { label: 'Solo mirar', about: 'Se va sin comprar: no se notifica a nadie.' },
    twice: { label: 'Pulsar dos veces', about: 'Un doble clic: dos solicitudes, una compra.' },
    break: {
      label: 'Cortar la red',
      about:
        'Simulado en esta página: la primera respuesta se descarta, así que la compra se envía otra vez.',
    },
    tabs: {
      label: 'Comprar en dos pestañas',
      about: 'Una segunda pestaña envía la misma compra al mismo tiempo.',
    },
  },
  resumed: 'Terminar la compra de una página anterior',
  purchases: 'Compras',
  noPurchases: 'Ninguna todavía.',
  messages: 'Mensajes a este cliente',
  noMessages: 'Ninguno todavía. Aparecen aquí en cuanto se clasifica una compra.',
  sending: 'Enviando …',
  waiting: {
    unreachable: 'Sin respuesta. Se intenta otra vez …',
    overloaded: 'El gateway está sobrecargado. Se intenta otra vez …',
    refused: 'El gateway no pudo guardarla. Se intenta otra vez …',
  },
  stored: 'Guardada. Esperando su resultado …',
  later: 'Guardada. Todavía no hay resultado.',
  classified: (kind, isNotified) => `Clasificada: ${kind}.${isNotified ? '' : ' Sin mensaje.'}`,
  requests: (sent, checkouts) =>
    `Solicitudes enviadas desde esta pestaña: ${sent}. Checkouts guardados: ${checkouts}.`,
  openCheckout: 'Abrir en la página de operaciones',
  failed: 'No guardada',
  streamLost: 'El stream de mensajes se interrumpió; el navegador se está reconectando.',
  logIn: {
    hint: 'Una clave o un token con los permisos write y read. npm run mint-key crea una.',
    noScope: 'A esta credencial le falta el permiso write o read. Use una clave que tenga ambos.',
  },
}
