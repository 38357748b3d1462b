/** Request line and headers of a POST over a connection that is kept, without the length of the body. */
export function postHead(url: URL, credential: Record<string, string>): string {
  const fields = Object.entries({ host: url.host, 'content-type': 'application/json', ...credential })
  return `POST ${url.pathname} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`
}
