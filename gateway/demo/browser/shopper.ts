import type { Stage } from '../../../deploy/storefront/measure-path.js'
import { NO_FUNDS, stageNames } from './path.ts'

export interface Shopper {
  id: string
  nombre: string
  apellido: string
  edad: number
  email: string
  telefono: string
  ubicacion: { direccion: string; ciudad: string; pais: string }
}

/** A purchase or a visit, created once: with other minutes it would be another purchase. */
export interface Cart {
  /** The shop's name for it. */
  purchase: string
  checkout: Shopper & { productovisto: string; folio: string | null } & MeasuredPath
}

interface MeasuredPath {
  taps: number
  recorrido: Stage[]
}

const firstNames = [
  'Camila',
  'Sofía',
  'María José',
  'Javiera',
  'Antonia',
  'Mateo',
  'Benjamín',
  'Ñancu',
  'Diego',
  'Lucas',
]
const surnames = [
  'González',
  'Muñoz',
  'Rojas',
  'Díaz',
  'Pérez',
  'Soto',
  'Núñez',
  'Silva',
  'Sepúlveda',
  'Araya',
]
const streets = ['Avenida Providencia', 'Calle Larga', 'Pasaje Los Aromos', 'Avenida Alemania', 'Calle Prat']
const cities = ['Santiago', 'Valparaíso', 'Concepción', 'La Serena', 'Temuco', 'Antofagasta', 'Puerto Montt']
const products = [
  'Colchón de espuma viscoelástica',
  'Kit de maquillaje profesional',
  'Zapatillas para correr',
  'Cafetera de goteo',
  'Televisor de 55 pulgadas',
  'Mochila de montaña',
  'Juego de sábanas de algodón',
  'Audífonos inalámbricos',
]
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

const below = (limit: number): number => Math.floor(Math.random() * limit)
const anyOf = (list: readonly string[]): string => list[below(list.length)] ?? ''
const digits = (count: number): string => String(below(10 ** count)).padStart(count, '0')

/** Letters without accents, as most addresses are written. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase()

/** Invented, and another one each time. */
export function inventShopper(): Shopper {
  const [nombre, apellido] = [anyOf(firstNames), anyOf(surnames)]
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  )
  return {
    id: id.join(''),
    nombre,
    apellido,
    edad: 18 + below(60),
    email: `${plain(nombre)}.${plain(apellido)}@example.com`,
    telefono: `+56 9 ${digits(4)} ${digits(4)}`,
    ubicacion: { direccion: `${anyOf(streets)} ${1 + below(999)}`, ciudad: anyOf(cities), pais: 'Chile' },
  }
}

export const inventProduct = (): string => anyOf(products)

/** 0 minutes are a visit. Most of a slow purchase is spent in one stage; in the payment because of an error. */
export function inventPath(minutes: number, isSlow: boolean): MeasuredPath {
  if (minutes === 0) return { taps: 0, recorrido: [{ etapa: 'catalogo', segundos: 1 + below(600) }] }
  const slowest = isSlow ? anyOf(stageNames) : undefined
  const shares = stageNames.map((name) => (name === slowest ? 10 : 0.5 + Math.random()))
  const sum = shares.reduce((total, share) => total + share, 0)
  const recorrido = stageNames.map((etapa, index): Stage => {
    const segundos = Math.round((600 * minutes * (shares[index] ?? 0)) / sum) / 10
    return etapa === slowest && etapa === 'pago' ? { etapa, segundos, error: NO_FUNDS } : { etapa, segundos }
  })
  return { taps: minutes, recorrido }
}

/** A path of 0 minutes is a visit. */
export function fillCart(shopper: Shopper, productovisto: string, { taps, recorrido }: MeasuredPath): Cart {
  const letters = Array.from({ length: 3 }, () => CAPITALS[below(CAPITALS.length)]).join('')
  const folio = taps > 0 ? `${letters}-${digits(4)}` : null
  return {
    purchase: `demo-${crypto.randomUUID()}`,
    checkout: { ...shopper, productovisto, taps, folio, recorrido },
  }
}

/** With one digit after the point. */
export const minutesBetween = (least: number, most: number): number =>
  Math.round((least + Math.random() * (most - least)) * 10) / 10
