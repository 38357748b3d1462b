import { startKafka } from '../../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'

// Argument: its data folder.

const [dataDir = ''] = process.argv.slice(2)
const watchdog = startWatchdog(dataDir)
process.on('SIGTERM', () => void watchdog.drain().then(() => process.exit(0)))
const { bootstrap } = await startKafka({ dataDir, brokers: 1, watchdog, log: () => undefined })
console.log(`ready ${bootstrap.join(',')}`)
