import type { Adapter } from '../contract.ts'
import { validateStrict } from '../event/generated/validators.ts'
import { inWords, refusalBy } from '../event/refusal.ts'
import { openInput } from '../input/open.ts'
import type { Stdin } from '../input/stdin.ts'
import type { GivenReader } from '../read/detect.ts'
import type { Sink } from '../sinks/sink.ts'
import { type Stage, Unjudged } from '../stages/stage.ts'
import { utf8 } from '../text/utf8.ts'
import { convertInput } from './convert-input.ts'
import { openKnowledge } from './knowledge.ts'

/** A line of NDJSON that is no event. */
export interface Fault {
  readonly path: string
  readonly line: number
  readonly why: string
}

export interface Checked {
  /** Events and faults. */
  readonly lines: number
  readonly faults: number
  /** Why it could not be read to its end. */
  readonly failure: string | undefined
}

/**
 * Checks NDJSON line by line; `tell` hears of each fault. It is a conversion that writes nothing: a line is valid if, and only if, `filter`
 * lets it pass, in the same bounds.
 */
export async function validateFile(
  path: string,
  stdin: Stdin,
  extent: 'open' | 'strict',
  from: GivenReader | undefined,
  adapters: readonly Adapter[],
  tell: (fault: Fault) => void,
): Promise<Checked> {
  const knowledge = await openKnowledge({ ...NOTHING_GIVEN, stdin })
  let faults = 0
  let lastLine = 0
  const { ledger, failure } = await convertInput(openInput(path, stdin), path, {
    adapters,
    from,
    knowledge: knowledge.forReader,
    timekeeper: knowledge.timekeeper,
    stamp: AS_THEY_CAME,
    stages: extent === 'strict' ? [strictStage] : [],
    sink: NOWHERE,
    rejected({ line, why }) {
      // A long line is rejected piecewise.
      if (line === lastLine) return false
      lastLine = line
      faults++
      tell({ path, line, why: why.text })
      return false
    },
  })
  return { lines: ledger.written + faults, faults, failure }
}

const strictStage: Stage = {
  cause: 'where',
  take(record) {
    if (validateStrict(JSON.parse(utf8(record.source ?? '')))) return record
    throw new Unjudged(inWords(refusalBy(validateStrict)))
  },
}

const NOTHING_GIVEN = {
  flags: {},
  kernel: undefined,
  distro: undefined,
  reasons: undefined,
  time: {},
  program: undefined,
  programText: undefined,
}

const AS_THEY_CAME = {
  host: undefined,
  release: undefined,
  labels: undefined,
  provenance: 'line',
  id: undefined,
} as const

const NOWHERE: Sink = { write() {}, flush() {} }
