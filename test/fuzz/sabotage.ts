import type { Result } from '../kit/harness.ts'
import { type System, system } from './system.ts'

/** A fault put in by hand: what cannot find it finds nothing. */
export interface Sabotage {
  readonly name: string
  /** Of the targets the one that must find it, */
  readonly target: string
  /** and how its finding begins. */
  readonly fault: string
  readonly system: System
}

/** With what a conversion gives spoilt, where `when` says so. */
function spoilt(spoil: (result: Result, sizes: readonly number[] | undefined) => Result): System {
  return {
    ...system,
    async openConverter(...how) {
      const converter = await system.openConverter(...how)
      return { convert: async (bytes, sizes) => spoil(await converter.convert(bytes, sizes), sizes) }
    },
  }
}

function crash(): never {
  throw new TypeError('sabotage')
}

/** Without its last line. */
const shorter = (text: string): string => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)

export const SABOTAGES: readonly Sabotage[] = [
  {
    name: 'a reader that throws',
    target: 'readers',
    fault: 'thrown: TypeError',
    system: spoilt((result) => (result.rejected.length > 0 ? crash() : result)),
  },
  {
    name: 'a record of ours that the schema refuses',
    target: 'readers',
    fault: 'a bug',
    system: spoilt((result) => (result.ndjson.includes('"flags"') ? { ...result, fault: 'a bug' } : result)),
  },
  {
    name: 'a byte that nobody read',
    target: 'readers',
    fault: 'books:',
    system: spoilt((result) => {
      result.outcome.ledger.bytesRead -= result.rejected.length > 1 ? 1 : 0
      return result
    }),
  },
  {
    name: 'a line that is no event',
    target: 'readers',
    fault: 'invalid:',
    system: spoilt((result) => ({
      ...result,
      ndjson: result.ndjson.replace('"count":1,', '"count":-1,'),
    })),
  },
  {
    name: 'a record that comes late in pieces',
    target: 'readers',
    fault: 'chunks:',
    system: spoilt((result, sizes) =>
      sizes !== undefined && result.ndjson.length > 500 ? { ...result, ndjson: shorter(result.ndjson) } : result,
    ),
  },
  { name: 'time that goes by', target: 'readers', fault: 'slow:', system: { ...system, cpu: slowClock() } },
  {
    name: 'a program that throws',
    target: 'programs',
    fault: 'thrown: TypeError',
    system: spoilt((result) => (result.outcome.ledger.undecoded > 0 ? crash() : result)),
  },
  {
    name: 'a file of reasons that throws',
    target: 'reasons',
    fault: 'thrown: TypeError',
    system: {
      ...system,
      readReasons: (bytes) => ('refused' in system.readReasons(bytes) ? crash() : system.readReasons(bytes)),
    },
  },
  {
    name: 'a snapshot that throws',
    target: 'reasons',
    fault: 'thrown: TypeError',
    system: { ...system, readSnapshot: crash },
  },
  {
    name: 'an expression that throws',
    target: 'filters',
    fault: 'thrown: TypeError',
    system: { ...system, whereStage: (expressions) => ({ ...system.whereStage(expressions), take: crash }) },
  },
  {
    name: 'a row that is lost',
    target: 'tables',
    fault: 'rows:',
    system: spoilt((result) => (result.rejected.length > 0 ? { ...result, ndjson: shorter(result.ndjson) } : result)),
  },
  {
    name: 'a good byte before the fault that is lost',
    target: 'packed',
    fault: 'bytes:',
    system: {
      ...system,
      async *openInput(path, stdin) {
        for await (const chunk of system.openInput(path, stdin)) yield chunk.subarray(0, chunk.length - 1)
      },
    },
  },
]

function slowClock(): () => number {
  let us = 0
  return () => {
    us += 600_000
    return us
  }
}
