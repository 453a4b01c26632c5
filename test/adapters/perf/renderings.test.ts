import { describe, expect, it } from 'vitest'
import { hasCorpus } from './corpus.ts'
import { read } from './reading.ts'
import { compare, framesIn, renderings } from './renderings.ts'

const all = renderings()

if (!hasCorpus) console.log('skipped: no corpus (TRACENORM_CORPUS)')

/** Columns that the text alone does not tell; adapters/perf/README.md gives the reasons. */
const NEEDS_FIELDS: readonly RegExp[] = [
  /-F comm,pid,(?!tid)/,
  /-F (?:comm,pid|comm,tid|comm,tid,cpu|comm,tid,time,ip,sym|cpu,time|time|ip,sym|ip,sym,symoff,dso)(?: |$)/,
]

describe.skipIf(!hasCorpus)('renderings of perf script', () => {
  it.each(all.map((text) => [`${text.name} (${text.options})`, text] as const))(
    '%s with its field list',
    async (_name, text) => {
      expect((await compare(text, true)).fault).toBeUndefined()
    },
  )

  it.each(
    all
      .filter((text) => !NEEDS_FIELDS.some((one) => one.test(text.options)))
      .map((text) => [`${text.name} (${text.options})`, text] as const),
  )('%s without', async (_name, text) => {
    expect((await compare(text, false)).fault).toBeUndefined()
  })

  it.each(all.filter(({ bytes }) => framesIn(bytes) > 0).map((text) => [text.name, text] as const))(
    '%s: every frame belongs to an event, for any chunks',
    async (_name, { bytes, fields }) => {
      const whole = await read(bytes, fields === undefined ? {} : { perfFields: fields })
      const frames = whole.events.reduce((sum, { stack }) => sum + (stack?.length ?? 0), 0)
      expect(frames).toBe(framesIn(bytes))
      const pieces = await read(bytes, fields === undefined ? {} : { perfFields: fields }, 997)
      expect(pieces.events).toEqual(whole.events)
    },
  )
})
