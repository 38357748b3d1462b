/** The headers with which a gateway asks a processor on behalf of a client. */
export function credentialsOf(request: Request): Headers {
  const headers = new Headers()
  for (const name of ['authorization', 'cookie']) {
    const credential = request.headers.get(name)
    if (credential !== null) headers.set(name, credential)
  }
  return headers
}
