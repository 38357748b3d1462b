import type { site as english } from '../en/site.ts'

export const site: typeof english = {
  title: 'Operación de checkouts',
  nav: {
    overview: 'Resumen',
    members: 'Kafka y procesos',
    forecast: 'Pronóstico',
    checkouts: 'Checkouts',
    insights: 'Compras lentas',
    'dead-letters': 'Mensajes fallidos',
    notifications: 'Notificaciones',
    messages: 'Mensajes a clientes',
  },
  ownOnly:
    'Solo se muestra lo que pertenece al propietario de su clave de API. Con el permiso all-owners se muestra todo.',
  owner: 'Propietario',
  loading: 'Cargando …',
  logIn: {
    hint: 'Una clave o un token con el permiso operate. Los checkouts y las notificaciones requieren además read; corregir mensajes fallidos, personal; ver todos los propietarios, all-owners. Con npm run mint-key se crea una clave.',
    noScope: 'Esta credencial no tiene el permiso operate. Use una clave que lo tenga.',
  },
  missing: {
    title: 'Página no encontrada',
    explanation: 'No hay ninguna página en esta dirección.',
    back: 'Volver al resumen',
  },
}
