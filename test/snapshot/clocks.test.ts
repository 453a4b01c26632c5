import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOCK_PROGRAMS, readClockProgram } from '../../src/snapshot/clock-program.ts'
import { readClocks } from '../../src/snapshot/clocks.ts'
import type { Machine } from '../../src/snapshot/machine.ts'
import { readTimerList } from '../../src/snapshot/timer-list.ts'
import { marksIn } from '../../src/snapshot/trace-clock.ts'
import { type Simulated, simulated } from './machine.ts'

const OFFSET = 1_795_582_468_914_360_391n

/** As 6.18 writes it: no names. */
const timerList = (realtime: bigint, boottime = 0n, tai = realtime): string => `Timer List Version: v0.10
HRTIMER_MAX_CLOCK_BASES: 8
now at 7811616524967 nsecs

cpu: 0
${[0n, realtime, boottime, tai, 0n]
  .map(
    (offset, index) =>
      ` clock ${index}:\n  .base:       00000000ef2af452\n  .index:      ${index}\n  .resolution: 1 nsecs\n  .offset:     ${offset} nsecs\nactive timers:\n #0: <00000000ea5075f0>, tick_nohz_handler, S:01\n`,
  )
  .join('')}
cpu: 1
 clock 0:
  .offset:     5 nsecs
`

function sourcesOf(machine: Machine): Readonly<Record<string, string>> {
  return Object.fromEntries(readClocks(machine).pairs.map(({ id, source }) => [id, source]))
}

describe('a clock pair', () => {
  it('of the monotonic clock needs no file and no program', () => {
    const { pairs, missing } = readClocks(simulated({}))
    expect(pairs.map(({ id }) => id)).toEqual(['monotonic'])
    expect([...missing.keys()]).toEqual(['boottime', 'tai', 'monotonic_raw', 'perf'])
  })

  it('is as near to the truth as it says, whatever the machine does between two looks', () => {
    const host = fc.record({
      offsetNs: fc.bigInt({ min: 1n, max: 2_000_000_000_000_000_000n }),
      bootNs: fc.bigInt({ min: 1_000_000_000n, max: 1_000_000_000_000_000n }),
      stepsNs: fc.array(fc.integer({ min: 20, max: 40_000 }), { minLength: 1, maxLength: 50 }),
      suspendedNs: fc.bigInt({ min: 0n, max: 1_000_000_000_000n }),
    })
    fc.assert(
      fc.property(host, ({ suspendedNs, ...clocks }) => {
        const uptime = (now: bigint): string => {
          const hundredths = String((now + suspendedNs) / 10_000_000n).padStart(3, '0')
          return `${hundredths.slice(0, -2)}.${hundredths.slice(-2)} 1.00\n`
        }
        const { pairs } = readClocks(simulated({ ...clocks, live: { '/proc/uptime': uptime } }))
        const errors = pairs.map(({ id, ns, realtime_ns, uncertainty_ns }) => {
          const truth = clocks.offsetNs - (id === 'boottime' ? suspendedNs : 0n)
          const error = BigInt(realtime_ns) - BigInt(ns) - truth
          return [id, (error < 0n ? -error : error) <= BigInt(uncertainty_ns)]
        })
        expect(errors).toEqual([
          ['monotonic', true],
          ['boottime', true],
        ])
      }),
      { numRuns: 50 },
    )
  })

  it('is exact where the kernel tells its own offsets', () => {
    const files = { '/proc/timer_list': timerList(OFFSET, 60_000_000_000n, OFFSET + 37_000_000_000n) }
    const { pairs } = readClocks(simulated({ files }))
    const offsets = pairs.map(({ id, ns, realtime_ns, uncertainty_ns }) => [
      id,
      BigInt(realtime_ns) - BigInt(ns),
      uncertainty_ns,
    ])
    expect(offsets).toEqual([
      ['monotonic', OFFSET, 1],
      ['boottime', OFFSET - 60_000_000_000n, 1],
      ['tai', -37_000_000_000n, 1],
    ])
  })

  it('does not trust offsets that contradict what is measured', () => {
    const files = { '/proc/timer_list': timerList(OFFSET - 100_000_000n) }
    expect(sourcesOf(simulated({ files }))).toEqual({ monotonic: 'a tick of the wall clock' })
  })

  it('comes from a program where Node cannot read the clock, the next where one is not there', () => {
    const output = '7 100 160 110\n7 200 255 204\n11 300 1795582468914360691 310\n4 400 390 402\n'
    for (const program of ['python3', 'perl']) {
      const { pairs } = readClocks(simulated({ programs: { [program]: output } }))
      const raw = pairs.find(({ id }) => id === 'boottime')
      expect(raw?.ns).toBe('255')
      expect(BigInt(raw?.realtime_ns ?? 0) - 202n - OFFSET).toBeLessThan(2000n)
      expect(raw?.source).toContain(program)
    }
  })

  it('is missing in a time namespace, whose clocks are not those of the kernel', () => {
    const files = { '/proc/self/timens_offsets': 'monotonic           0         0\nboottime       864000         0\n' }
    const { pairs, missing } = readClocks(simulated({ files }))
    expect(pairs).toEqual([])
    expect(missing.get('perf')).toContain('time namespace')
  })

  it('is not of the first namespace only by chance', () => {
    const files = { '/proc/self/timens_offsets': 'monotonic           0         0\nboottime            0         0\n' }
    expect(sourcesOf(simulated({ files }))).toHaveProperty('monotonic')
  })

  it('of the boot clock does not come from a file in the place of /proc/uptime', () => {
    const host: Simulated = {
      live: {
        '/proc/uptime': (now) =>
          `${now / 1_000_000_000n}.${String((now / 10_000_000n) % 100n).padStart(2, '0')} 1.00\n`,
      },
    }
    expect(sourcesOf(simulated(host))).toHaveProperty('boottime')
    const lxcfs = { '/proc/self/mountinfo': '600 590 0:50 /proc/uptime /proc/uptime rw,nosuid - fuse.lxcfs lxcfs rw\n' }
    expect(sourcesOf(simulated({ ...host, files: lxcfs }))).not.toHaveProperty('boottime')
  })

  it('is missing where the wall clock stands', () => {
    const machine = simulated({})
    const still = { ...machine, clock: { ...machine.clock, wallMs: () => 5 } }
    expect(readClocks(still).pairs).toEqual([])
  })
})

describe('/proc/timer_list', () => {
  it('tells the offsets of the first processor', () => {
    expect(readTimerList(timerList(OFFSET, 7n))).toEqual({ realtime: OFFSET, boottime: 7n, tai: OFFSET })
  })

  it('has names in kernels before 6.18', () => {
    const names = ['ktime_get', 'ktime_get_real', 'ktime_get_boottime', 'ktime_get_clocktai', 'ktime_get']
    let at = 0
    const named = timerList(OFFSET).replace(/ {2}\.offset:/g, (offset) => `  .get_time:   ${names[at++]}\n${offset}`)
    expect(readTimerList(named)).toEqual({ realtime: OFFSET, boottime: 0n, tai: OFFSET })
    // Kernels before 3.10 began with the wall clock.
    expect(readTimerList(named.replace('ktime_get\n', 'ktime_get_real\n'))).toBeUndefined()
  })

  it.each([
    '',
    'Timer List Version: v0.10\n',
    timerList(OFFSET).slice(0, 400),
    timerList(OFFSET).replace('clock 2', 'clock 4'),
  ])('tells nothing when it is another file (%#)', (text) => {
    expect(readTimerList(text)).toBeUndefined()
  })
})

describe('what a clock program prints', () => {
  it('is read by the narrowest reading of each clock', () => {
    const readings = readClockProgram('4 10 100 30\n4 50 200 55\n4 60 300 90\n11 1 2 3\n1 5 5 5\nrubbish\n7 9 5 4\n')
    expect([...readings]).toEqual([
      ['monotonic_raw', { before: 50n, ns: 200n, after: 55n }],
      ['tai', { before: 1n, ns: 2n, after: 3n }],
    ])
  })

  it('is asked of programs that everybody can read', () => {
    for (const { words } of CLOCK_PROGRAMS) expect(words.join(' ')).not.toContain('undefined')
  })
})

describe('marks in a trace', () => {
  it('are found behind any thread name', () => {
    const trace = `# tracer: nop
#
           <...>-22068   [001] ...1.  7960.422905: tracing_mark_write: tracenorm-mark 0
 x 1.5: tracing-22068   [001] ...1.  7960.422909: tracing_mark_write: tracenorm-mark 1
            node-22068   [001] ...1. 1795590429.532983: tracing_mark_write: tracenorm-mark 12
            node-22068   [001] ...1.  7960.422910: tracing_mark_write: somebody else's
`
    expect([...marksIn(trace)]).toEqual([
      [0, 7_960_422_905_000n],
      [1, 7_960_422_909_000n],
      [12, 1_795_590_429_532_983_000n],
    ])
  })
})

describe('why there is no clock of tracefs', () => {
  const root = { '/proc/self/status': 'Name:\tnode\nUid:\t0\t0\t0\t0\n' }
  const user = { '/proc/self/status': 'Name:\tnode\nUid:\t1000\t1000\t1000\t1000\n' }
  const known = { '/proc/filesystems': 'nodev\tproc\nnodev\ttracefs\n' }
  const mounted = { '/proc/self/mounts': 'none /sys/kernel/tracing tracefs rw 0 0\n' }
  const debugfs = { '/proc/self/mounts': 'none /sys/kernel/debug debugfs rw 0 0\n' }

  it.each([
    ['root, not mounted', { ...root, ...known }, 'tracefs is not mounted: as root "mount -t tracefs nodev'],
    ['a user, not mounted', { ...user, ...known }, 'tracefs is not mounted: as root "mount -t tracefs nodev'],
    ['a user', { ...user, ...known, ...mounted }, 'only root can use tracefs'],
    ['a user, within debugfs', { ...user, ...known, ...debugfs }, 'only root can use tracefs'],
    ['root, locked down', { ...root, ...known, ...mounted }, 'the kernel is locked down, or this is a container'],
    ['a kernel without', { ...root, '/proc/filesystems': 'nodev\tproc\n' }, 'this kernel has no tracefs'],
  ])('is true: %s', (_, files, why) => {
    const { missing } = readClocks(simulated({ files }))
    expect(missing.get('perf')).toContain(why)
    expect(missing.get('monotonic_raw')).toContain(why)
  })
})
