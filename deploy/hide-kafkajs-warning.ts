/** kafkajs sets timers in the past, harmlessly; every other warning is shown as it would be. */
export function hideKafkajsWarning(): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name !== 'TimeoutNegativeWarning') console.error(warning)
  })
}
