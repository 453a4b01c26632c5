import { openInput } from '../../src/input/open.ts'
import { readReasons } from '../../src/kernel/reasons/read.ts'
import { readSnapshot } from '../../src/kernel/snapshot.ts'
import { whereStage } from '../../src/stages/where.ts'
import { openConverter } from '../kit/harness.ts'

/** What is fuzzed. A sabotage is the same with one of it spoilt. */
export const system = {
  openConverter,
  readReasons,
  readSnapshot,
  whereStage,
  openInput,
  /** Of a sabotage: a clock that goes wrong. Microseconds of CPU. */
  cpu: (): number => process.cpuUsage().user,
}

export type System = typeof system
