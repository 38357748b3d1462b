#!/usr/bin/env bash
# When the schema has changed, SQLite prepares a statement again on its next step (https://sqlite.org/c3ref/prepare.html). In node:sqlite
# of Deno, all() takes the names of the columns before that step: after a column was dropped, its first result has the values under
# the names of other columns, without an error. get() and iterate() are right, and so is the next all(). Node 22 rejects that first call.
#
# One connection prepares SELECT * and uses it, another one drops the first column, as a migration does while a server runs. A server
# that runs on several runtimes avoids it by naming the columns in SELECT: then the statement fails instead.
#
# Seen on Linux x64; exits with 1 when a version behaves differently:
EXPECTED='bun 1.4.5: {"name":"Ana","city":"Lima"}, then {"name":"Ana","city":"Lima"}
deno 2.9.6: {"email":"Ana","name":"Lima","city":null}, then {"name":"Ana","city":"Lima"}
node 22.23.3: Cannot get name of column 2, then {"name":"Ana","city":"Lima"}
node 26.10.0: {"name":"Ana","city":"Lima"}, then {"name":"Ana","city":"Lima"}'
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"allowScripts":{"bun":true,"deno":true,"node":true,"node-22":true}}' >package.json
npm install --silent --no-fund --no-audit bun@1.4.5 deno@2.9.6 node@26.10.0 node-22@npm:node@22.23.3

cat >migrate.mjs <<'END_OF_PROGRAM'
import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

rmSync('customers.db', { force: true })
const server = new DatabaseSync('customers.db')
server.exec('CREATE TABLE customers (email, name, city)')
server.exec("INSERT INTO customers VALUES ('ana@mail.com', 'Ana', 'Lima')")
const customers = server.prepare('SELECT * FROM customers')
customers.all()

new DatabaseSync('customers.db').exec('ALTER TABLE customers DROP COLUMN email')

const read = () => {
  try {
    return JSON.stringify(customers.all()[0])
  } catch ({ message }) {
    return message
  }
}
console.log(`${read()}, then ${read()}`)
END_OF_PROGRAM

seen="bun 1.4.5: $(node_modules/.bin/bun migrate.mjs)
deno 2.9.6: $(node_modules/.bin/deno run -A migrate.mjs)
node 22.23.3: $(node_modules/node-22/bin/node --no-warnings migrate.mjs)
node 26.10.0: $(node_modules/node/bin/node --no-warnings migrate.mjs)"
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
