-- POSTs checkouts that differ in customer and key, so that none is answered from memory.
-- Arguments: checkouts per request (1: not as a batch), and the parts of a body before and after the customer id.
local threads = 0

function setup(thread)
  thread:set('number', threads)
  threads = threads + 1
end

local function customer()
  count = count + 1
  return string.format('%08x%s%04x', count * 2654435761 % 4294967296, run, count % 65536)
end

function init(args)
  batch, before, after = tonumber(args[1]), args[2], args[3]
  math.randomseed(os.time() * 64 + number)
  run = string.format('%08x%04x', math.random(0, 2 ^ 31 - 1), number)
  count = 0
  requests = 0
  headers = { ['content-type'] = 'application/json' }
end

function request()
  requests = requests + 1
  headers['idempotency-key'] = run .. '-' .. requests
  if batch == 1 then
    return wrk.format('POST', '/checkout', headers, before .. customer() .. after)
  end
  local records = {}
  for i = 1, batch do records[i] = before .. customer() .. after end
  return wrk.format('POST', '/checkout/batch', headers, '[' .. table.concat(records, ',') .. ']')
end

function done(summary, latency)
  local errors = summary.errors
  local refused = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  local figures = '\n{"requests":%d,"refused":%d,"seconds":%.3f,"latency":{"p50":%.3f,"p99":%.3f}}\n'
  io.write(figures:format(summary.requests, refused, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
