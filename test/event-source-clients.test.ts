import { chromium } from './chromium-client.ts'
import { clients } from './event-source-clients.ts'
import { testClients } from './read-through-cuts.ts'

testClients({ ...clients, Chromium: chromium })
