export const members = {
  title: 'Kafka and members',
}
