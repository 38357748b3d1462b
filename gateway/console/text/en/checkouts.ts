export const checkouts = {
  title: 'Checkouts',
}
