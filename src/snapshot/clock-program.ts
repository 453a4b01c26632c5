import { type ClockReading, widthOf } from './edge.ts'

/** Clocks that Node cannot read, with their numbers in Linux. */
const CLOCKS = { monotonic_raw: 4, boottime: 7, tai: 11 } as const
export type ReadClock = keyof typeof CLOCKS

/** Readings of each clock. The narrowest is taken. */
const TIMES = 100

const NUMBERS = Object.values(CLOCKS).join(', ')

/**
 * Programs that print lines of `clock before time after`, nanoseconds, the middle one between two readings of
 * CLOCK_MONOTONIC.
 */
export const CLOCK_PROGRAMS = [
  {
    program: 'python3',
    words: [
      '-I',
      '-S',
      '-c',
      `import time
now = time.clock_gettime_ns
for clock in (${NUMBERS}):
    for _ in range(${TIMES}):
        try: print(clock, now(1), now(clock), now(1))
        except OSError: break`,
    ],
    /** The program's numbers are exact. */
    roundingNs: 0n,
  },
  {
    program: 'perl',
    words: [
      '-MTime::HiRes=clock_gettime',
      '-e',
      `for my $clock (${NUMBERS}) { for (1 .. ${TIMES}) {
  my ($before, $time, $after) = (clock_gettime(1), clock_gettime($clock), clock_gettime(1));
  printf "%d %.0f %.0f %.0f\\n", $clock, map { $_ * 1e9 } $before, $time, $after if $time > 0 } }`,
    ],
    /** Perl counts in doubles: a quarter of a microsecond for a time since 1970. */
    roundingNs: 250n,
  },
] as const

/** The narrowest reading of each clock in what such a program prints. */
export function readClockProgram(output: string): ReadonlyMap<ReadClock, ClockReading> {
  const readings = new Map<ReadClock, ClockReading>()
  for (const [, number, before, ns, after] of output.matchAll(/^(\d+) (\d+) (\d+) (\d+)$/gm)) {
    if (before === undefined || ns === undefined || after === undefined) continue
    const reading = { before: BigInt(before), ns: BigInt(ns), after: BigInt(after) }
    const clock = clockOf(Number(number))
    if (clock === undefined || widthOf(reading) < 0n) continue
    const best = readings.get(clock)
    if (best === undefined || widthOf(reading) < widthOf(best)) readings.set(clock, reading)
  }
  return readings
}

function clockOf(number: number): ReadClock | undefined {
  switch (number) {
    case CLOCKS.monotonic_raw:
      return 'monotonic_raw'
    case CLOCKS.boottime:
      return 'boottime'
    case CLOCKS.tai:
      return 'tai'
    default:
      return undefined
  }
}
