/** Nanoseconds to add to CLOCK_MONOTONIC. */
export interface ClockOffsets {
  readonly realtime: bigint
  readonly boottime: bigint
  readonly tai: bigint
}

/**
 * The kernel's own offsets between its clocks, exact, from /proc/timer_list (root only). Of the first CPU's `clock`
 * sections the first four are monotonic, realtime, boottime, tai (Linux 3.10 to 7.2); kernels before 6.18 name them by
 * `.get_time`. Undefined when the text is different.
 */
export function readTimerList(text: string): ClockOffsets | undefined {
  const bases = [...text.matchAll(/^ clock (\d):\n((?: {2}\..*\n)+)/gm)].slice(0, 4)
  const offsets = bases.map(([, number, members = ''], index) => {
    const name = /^ {2}\.get_time: +(\w+)/m.exec(members)?.[1]
    const offset = /^ {2}\.offset: +(\d+) nsecs/m.exec(members)?.[1]
    const isInPlace = Number(number) === index && (name === undefined || name === GET_TIME[index])
    return isInPlace && offset !== undefined ? BigInt(offset) : undefined
  })
  const [monotonic, realtime, boottime, tai] = offsets
  if (monotonic !== 0n || realtime === undefined || boottime === undefined || tai === undefined) return undefined
  return { realtime, boottime, tai }
}

const GET_TIME = ['ktime_get', 'ktime_get_real', 'ktime_get_boottime', 'ktime_get_clocktai']
