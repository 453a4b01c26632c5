import type { Adapter } from '../contract.ts'
import type { NeedsSeeking } from '../input/captures.ts'

/** Which captures are read out of order, as the adapters say by their first bytes. */
export function needsSeekingBy(adapters: readonly Adapter[]): NeedsSeeking {
  const asked = adapters.filter((adapter) => adapter.needsSeeking !== undefined)
  return (bytes) => {
    const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString('latin1')
    const answers = asked.map((adapter) => adapter.needsSeeking?.(head))
    return answers.includes(true) ? true : answers.includes('more') ? 'more' : false
  }
}

const HEAD_BYTES = 64
