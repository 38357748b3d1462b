// Runs in the browser before Scalar's script, which makes style sheets as it goes (its editor's among them) and gives
// the nonce of the Content-Security-Policy only to one of them.
const { content } = document.querySelector('meta[property="csp-nonce"]')
const createElement = document.createElement.bind(document)

document.createElement = (name, options) => {
  const element = createElement(name, options)
  if (element instanceof HTMLStyleElement) element.nonce = content
  return element
}
