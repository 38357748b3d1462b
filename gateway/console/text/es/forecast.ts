import type { forecast as english } from '../en/forecast.ts'

export const forecast: typeof english = {
  title: 'Pronóstico',
  unknown: {
    'no-history':
      'No hay pronóstico: todavía no se ha contado ningún minuto. Se necesitan dos días; los primeros minutos se cuentan dos minutos después del inicio.',
    'too-little-history': 'Todavía no hay pronóstico: la historia es insuficiente.',
    'history-behind':
      'No hay pronóstico: durante una hora, una partición no tuvo dueño, o su dueño no pudo escribir en la historia. Revise los procesos y los logs de los procesadores.',
  },
  knownAt: (time) => `Habrá pronóstico a partir de ${time}, si hasta entonces se cuentan todos los minutos.`,
  countedUntil: (time) => `Contado hasta: ${time}.`,
  band: (coverage) => `La banda debería contener el ${coverage} de los valores reales.`,
  plots: {
    heading: 'Próxima hora',
    purchase: 'Compras por segundo',
    browse: 'Visitas por segundo',
    upper: 'Límite superior',
    median: 'Mediana',
    lower: 'Límite inferior',
  },
  figures: {
    heading: 'Mediana y banda',
    figure: 'Cifra',
    now: 'Este minuto',
    half: 'En 30 minutos',
    end: 'En 59 minutos',
    range: (median, lower, upper) => `${median} (${lower} – ${upper})`,
    rows: {
      purchase: 'Compras por segundo',
      browse: 'Visitas por segundo',
      slowShare: 'Proporción de compras lentas',
      lagSeconds: 'Retraso desde la recepción hasta la clasificación',
    },
  },
  capacity: {
    heading: 'Máximo y capacidad',
    peak: 'Máximo, checkouts por segundo',
    peakAt: 'Hora del máximo',
    perSecond: 'Capacidad medida, checkouts por segundo',
    perProcessor: 'De un procesador',
    processors: 'Procesadores que clasifican',
    reachedIn: 'La capacidad se alcanza en',
    notReached: 'no en esta hora',
    isReached: (time) =>
      `A partir de las ${time} se esperan más checkouts de los que los procesadores clasifican. Inicie más procesadores; lo que no clasifiquen a tiempo queda en espera.`,
    suffices: 'En la próxima hora, la mediana se mantiene por debajo de la capacidad.',
    unknown:
      'La capacidad se desconoce hasta que un procesador haya tenido trabajo atrasado durante diez segundos.',
    withoutForecast: 'Sin pronóstico no se sabe cuándo se alcanza la capacidad.',
  },
  calendar: {
    heading: 'Calendario',
    hint: 'Períodos con más o menos checkouts que lo habitual: los que vienen, y los pasados, de los que el pronóstico no aprende.',
    events: 'Eventos',
    empty: 'Ninguno.',
    fields: {
      name: 'Nombre',
      from: 'Desde',
      until: 'Hasta',
      times: 'Veces lo habitual',
    },
    remove: 'Quitar',
    removeOf: (name) => `Quitar ${name}`,
    sure: (name) => `¿Quitar el evento «${name}» del calendario?`,
    add: 'Agregar un evento',
    save: 'Agregar',
    added: (name) => `«${name}» está guardado.`,
    removed: (name) => `«${name}» se quitó.`,
    refused: 'No se guardó: corrija estos campos.',
  },
}
