import { avoidIdleTimers } from '../backbone/kafka/idle-timers.ts'

// Tests build kafkajs clients of their own; those of `backbone/kafka` do this themselves.
avoidIdleTimers()
