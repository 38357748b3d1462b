import { CHECKOUTS } from '../pages/checkout-address.ts'

/** Of the views in the navigation, in its order. */
export const addresses = {
  overview: '/',
  members: '/console/members',
  forecast: '/console/forecast',
  checkouts: CHECKOUTS,
  insights: '/console/insights',
  'dead-letters': '/console/dead-letters',
  notifications: '/console/notifications',
  messages: '/console/messages',
} as const

export const viewNames = Object.keys(addresses) as (keyof typeof addresses)[]
