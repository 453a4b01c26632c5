import type { Verdict } from '../../../src/contract.ts'

/** Only perf prints a head of comm, TID, [cpu] and seconds before `system:name: `, and only perf's header has these keys. */
export function detectScript(lines: string): Verdict | undefined {
  let likely = false
  for (let start = 0; start < lines.length; ) {
    const lf = lines.indexOf('\n', start)
    const end = lf < 0 ? lines.length : lf
    const line = lines.slice(start, Math.min(end, start + 1024))
    if (SAMPLE.test(line))
      return { format: 'script', score: 95, why: 'a head of perf script: comm, TID, [cpu], seconds, system:name' }
    if (HEADER.test(line)) return { format: 'script', score: 95, why: 'a line of the header that perf script prints' }
    likely ||= LIKELY.test(line)
    start = end + 1
  }
  return likely ? { format: 'script', score: 70, why: 'heads as perf script prints them' } : undefined
}

const SAMPLE =
  /(?:^| )-?\d+(?:\/-?\d+ *)? +\[\d{3,}\] +(?:[KUHGgMESp]+ +)?(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6,9} +)?\d+\.(?:\d{9}|\d{6}): +(?:(?:\d+ +)?[\w-]+:[\w-]+:|PERF_RECORD_[A-Z])/
const HEADER =
  /^# (?:={8}\r?$|captured on {4}: |header version : \d|hostname : |os release : |perf version : |nrcpus online : \d|clockid: [a-z]|reference time : \d|time of first sample : )/
const LIKELY =
  /(?:^| )-?\d+(?:\/-?\d+ *)? +\[\d{3,}\] +\d+\.(?:\d{9}|\d{6}): +\S|^(?:\S.{0,14})? +\d+ +\d+\.\d{6}: +(?:\d+ +)?[\w.-]+(?::\w+)*:|^[ \t>|]*(?:\d+\.(?:\d{9}|\d{6}): +)?(?:skb:)?kfree_skb: ?skbaddr=/
