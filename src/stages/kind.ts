import type { Kind } from '../event/words.ts'
import type { Stage } from './stage.ts'

/** Keeps records of the given kinds. */
export function kindStage(kinds: ReadonlySet<Kind>): Stage {
  return {
    cause: 'kind',
    reads: [],
    take: (record) => (kinds.has(record.kind) ? record : undefined),
  }
}
