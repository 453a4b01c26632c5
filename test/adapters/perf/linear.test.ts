import { describe, expect, it } from 'vitest'
import { adapter } from '../../../adapters/perf/adapter.ts'
import { read } from './reading.ts'

const PAYLOAD = 'skbaddr=0xffff88811f6a7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET'
/** Lines that fit, and lines that do not. */
const LINES: readonly string[] = [
  `            curl     883/883     [001] K     2026-11-23 12:38:57.337726   340.799805:          1 skb:kfree_skb: ${PAYLOAD}`,
  'curl 883 [001]   340.799805:     250000 cycles/config=1/:  ffffffff8162e779 kfree+0x69 ([kernel.kallsyms])',
  'step 1/2 [000] K 5.123456 x',
  '# hostname : a',
  'VM:    12 VCPU:003             curl     883 [001]   340.799805: sched:sched_switch: prev_comm=a ==> next_comm=b next_pid=2 [120]',
]
const PUMPS = [' ', '0', '\r', '@', '/', '[', '#', '1/2 '] as const
const BYTES = 16 * 1024

/** Offsets where one token ends and another begins, and the ends. */
function borders(line: string): readonly number[] {
  const kinds = [...line].map((letter) => (/\w/.test(letter) ? 'word' : letter))
  return [...kinds.keys(), line.length].filter((at) => at === 0 || kinds[at] !== kinds[at - 1])
}

/** CPU time in milliseconds that the slowest of them took. */
async function slowest(
  make: (pump: string) => Iterable<string>,
): Promise<{ readonly ms: number; readonly what: string }> {
  let found = { ms: 0, what: '' }
  for (const pump of PUMPS)
    for (const text of make(pump.repeat(BYTES / pump.length))) {
      const before = process.cpuUsage()
      adapter.detect(`${text}\n`)
      await read(Buffer.from(`${text}\n`, 'latin1'))
      const { user, system } = process.cpuUsage(before)
      const ms = (user + system) / 1000
      if (ms > found.ms) found = { ms, what: `${JSON.stringify(pump)} in ${text.replaceAll(pump.repeat(100), '…')}` }
    }
  return found
}

describe('a long line takes time in proportion to its length', () => {
  it.each(LINES)('%s', async (line) => {
    const { ms, what } = await slowest(function* (run) {
      for (const [index, at] of borders(line).entries())
        yield line.slice(0, at) + run + (index % 2 === 0 ? line.slice(at) : '\x00')
    })
    // They take a few milliseconds; what is quadratic takes seconds.
    expect(ms, what).toBeLessThan(1000)
  })
})
