import type { shell as english } from '../en/shell.ts'

export const shell: typeof english = {
  title: 'Operación de checkouts',
  skipLink: 'Ir al contenido',
  views: 'Vistas',
  nav: {
    overview: 'Resumen',
    members: 'Kafka y procesos',
    checkouts: 'Checkouts',
    'dead-letters': 'Mensajes fallidos',
    notifications: 'Notificaciones',
  },
  language: 'Idioma',
  theme: 'Tema',
  themes: { system: 'Sistema', light: 'Claro', dark: 'Oscuro' },
  logOut: 'Cerrar sesión',
  ownOnly:
    'Solo se muestra lo que pertenece al propietario de su clave de API. Con el permiso all-owners se muestra todo.',
  owner: 'Propietario',
  needsScript:
    'Esta página necesita JavaScript. Todo lo que muestra y hace está disponible también por HTTP: véase',
  loading: 'Cargando …',
  requestFailed: 'El gateway no responde. Revise la conexión.',
  logIn: {
    title: 'Iniciar sesión',
    key: 'Clave de API',
    submit: 'Iniciar sesión',
    hint: 'Una clave o un token con el permiso operate. Los checkouts y las notificaciones requieren además read; corregir mensajes fallidos, personal; ver todos los propietarios, all-owners. Con npm run mint-key se crea una clave.',
    wrong: 'Esta clave es desconocida, venció o fue revocada.',
    ended: 'La sesión terminó. Inicie sesión de nuevo.',
    noScope: 'Esta credencial no tiene el permiso operate. Use una clave que lo tenga.',
    notKept:
      'La clave es correcta, pero el navegador no guardó la cookie de sesión: abra esta página por HTTPS, o como http://localhost en la máquina del gateway.',
    checking: 'Verificando la clave …',
  },
  missing: {
    title: 'Página no encontrada',
    explanation: 'No hay ninguna página en esta dirección.',
    back: 'Volver al resumen',
  },
  error: { title: 'No se puede mostrar la página', again: 'Intentar de nuevo' },
}
