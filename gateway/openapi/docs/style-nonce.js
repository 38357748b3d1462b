// Runs in the browser before Scalar's script. That script creates style sheets at run time (its editor does,
// too) and sets the nonce of the Content-Security-Policy on only one of them.
const { content } = document.querySelector('meta[property="csp-nonce"]')
const createElement = document.createElement.bind(document)

document.createElement = (name, options) => {
  const element = createElement(name, options)
  if (element instanceof HTMLStyleElement) element.nonce = content
  return element
}
