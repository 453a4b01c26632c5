// A host for tests: files in memory, clocks that go forward as they are read.
import type { Machine } from '../../src/snapshot/machine.ts'

export interface Simulated {
  /** Path → content; a folder is what files are in. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly links?: Readonly<Record<string, string>>
  /** What a program prints, by its name. */
  readonly programs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly zone?: string
  /** CLOCK_MONOTONIC at the start, and the wall clock against it. */
  readonly bootNs?: bigint
  readonly offsetNs?: bigint
  /** Time that each look at the machine takes, one after the other, around and around. */
  readonly stepsNs?: readonly number[]
  /** Reads files that change, by the monotonic time. */
  readonly live?: Readonly<Record<string, (monotonicNs: bigint) => string>>
}

/** With `monotonicNs`, the true time. */
export function simulated(host: Simulated): Machine & { trueNs(): bigint } {
  const { files = {}, links = {}, programs = {}, env = {}, live = {}, stepsNs = [1000] } = host
  let now = host.bootNs ?? 7_814_130_105_600n
  const offset = host.offsetNs ?? 1_795_582_468_914_360_391n
  let looks = 0
  const look = (): bigint => {
    now += BigInt(stepsNs[looks++ % stepsNs.length] ?? 1)
    return now
  }
  const read = (path: string): string | Uint8Array | undefined => live[path]?.(look()) ?? files[path]
  return {
    clock: { monotonicNs: look, wallMs: () => Number((look() + offset) / 1_000_000n), zone: host.zone },
    env,
    pid: 4711,
    read: (path) => {
      const content = read(path)
      return typeof content === 'string' ? Buffer.from(content) : content
    },
    readText: (path) => {
      const content = read(path)
      return content === undefined ? undefined : Buffer.from(content).toString('utf8')
    },
    readLink: (path) => links[path],
    list: (path) => {
      const inside = [...Object.keys(files), ...Object.keys(links), ...Object.keys(live)].filter((file) =>
        file.startsWith(`${path}/`),
      )
      return [...new Set(inside.map((file) => file.slice(path.length + 1).split('/')[0] ?? ''))]
    },
    run: (program) => {
      look()
      return programs[program]
    },
    write: () => false,
    makeFolder: () => false,
    removeFolder() {},
    trueNs: () => now,
  }
}
