import type { shell as english } from '../en/shell.ts'

export const shell: typeof english = {
  skipLink: 'Ir al contenido',
  views: 'Vistas',
  language: 'Idioma',
  theme: 'Tema',
  themes: { system: 'Sistema', light: 'Claro', dark: 'Oscuro' },
  logOut: 'Cerrar sesión',
  needsScript:
    'Esta página necesita JavaScript. Todo lo que muestra y hace está disponible también por HTTP: véase',
  requestFailed: 'El gateway no responde. Revise la conexión.',
  logIn: {
    title: 'Iniciar sesión',
    key: 'Clave de API',
    submit: 'Iniciar sesión',
    wrong: 'Esta clave es desconocida, venció o fue revocada.',
    ended: 'La sesión terminó. Inicie sesión de nuevo.',
    notKept:
      'La clave es correcta, pero el navegador no guardó la cookie de sesión: abra esta página por HTTPS, o como http://localhost en la máquina del gateway.',
    checking: 'Verificando la clave …',
  },
  error: { title: 'No se puede mostrar la página', again: 'Intentar de nuevo' },
}
