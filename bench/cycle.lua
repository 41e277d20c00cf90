-- SPDX-License-Identifier: GPL-3.0-or-later
-- For wrk: GETs the paths listed in the file PATHS, one after the other, with TOKEN as bearer.
local paths, at = {}, 0
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local headers = {
  ["Accept"] = 'multipart/related; type="application/dicom"; transfer-syntax=*',
  ["Authorization"] = os.getenv("TOKEN") and "Bearer " .. os.getenv("TOKEN") or nil,
}

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], headers)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
