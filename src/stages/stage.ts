import type { EventRecord, MemberRead } from '../event/record.ts'

/** Thrown when a stage cannot decide on a record. The record is rejected for the reason in `message`. */
export class Unjudged extends Error {}

/** Some records lacked the member that a flag asks for. */
export interface Blindness {
  /** The flags for people: `--since and --until`. */
  readonly flags: string
  readonly records: number
  /** Those of them that had the member. */
  readonly judged: number
}

/** A step between the readers and the sink, which keeps, changes or leaves out records. */
export interface Stage {
  /** The word under which the books count the records that it leaves out. */
  readonly cause: 'kind' | 'where' | 'limit' | 'sample'
  /** The record, maybe changed; undefined when it is left out. Throws Unjudged. */
  take(record: EventRecord): EventRecord | undefined
  /** Its answer depends on these members of a record and its kind alone. Undefined: also on something else. */
  readonly reads?: readonly MemberRead[] | undefined
  /** True when no later record can pass: reading may stop. */
  isDone?(): boolean
  /** At the end: how many records could not be judged; undefined when all could. */
  blindness?(): Blindness | undefined
}

/**
 * The members of a record that decide, with its kind, whether the stages keep it. Undefined: something else does, too.
 */
export function membersReadBy(stages: readonly Stage[]): readonly MemberRead[] | undefined {
  const members = stages.map(({ reads }) => reads)
  return members.includes(undefined) ? undefined : members.flatMap((some) => some ?? [])
}
