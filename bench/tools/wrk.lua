-- Arguments: the body's file, the content type, the idempotency key and how many milliseconds to think.
function init(args)
  local file = assert(io.open(args[1]))
  wrk.method = 'POST'
  wrk.body = file:read('*a')
  wrk.headers['content-type'] = args[2]
  wrk.headers['idempotency-key'] = args[3]
  file:close()
  -- A delay of 0 would still cost wrk a timer for each request.
  local think = tonumber(args[4])
  if think > 0 then
    delay = function() return think end
  end
end

function done(summary, latency)
  local us = { latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max }
  local figures = '\n{"requests":%d,"latency":{"p50":%.3f,"p90":%.3f,"p99":%.3f,"max":%.3f}}\n'
  io.write(figures:format(summary.requests, us[1] / 1000, us[2] / 1000, us[3] / 1000, us[4] / 1000))
end
