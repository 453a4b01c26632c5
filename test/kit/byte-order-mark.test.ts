import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adapters } from '../../adapters/registry.ts'
import { readWhole } from '../../src/input/open.ts'
import { findReader } from '../../src/read/detect.ts'
import { NO_STDIN } from '../io.ts'
import { type Case, openConverter, readCases } from './harness.ts'
import { holds } from './holds.ts'

const MARK = Buffer.from([0xef, 0xbb, 0xbf])
const LONGEST_BYTES = 3000
/** Offsets in the records are behind the mark. */
const hasOffsets = ({ args }: Case): boolean => args.some((word) => /^--(?:id|provenance)/.test(word))

describe('a byte order mark', () => {
  const small = readCases().filter((fixture) => fixture.input.length <= LONGEST_BYTES && !hasOffsets(fixture))
  it.each(small)('changes no record, and is structure: $name', async ({ args, folder, input }) => {
    const converter = await openConverter(args, folder)
    const plain = await converter.convert(input)
    for (const sizes of [[64 * 1024], [1], [2, 1000]]) {
      const marked = await holds(converter, Buffer.concat([MARK, input]), sizes)
      expect(marked.ndjson).toBe(plain.ndjson)
      const { units, ...ledger } = plain.outcome.ledger
      const structure = { units: units.structure.units + 1, bytes: units.structure.bytes + MARK.length }
      expect(marked.outcome.ledger).toEqual({
        ...ledger,
        bytesRead: ledger.bytesRead + MARK.length,
        units: { ...units, structure },
      })
      expect(marked.outcome.notUnderstood).toBe(plain.outcome.notUnderstood)
    }
  })

  it('hides no reader from detection', () => {
    const found = findReader(`${MARK.toString('latin1')}{"v":1,"kind":"loss"}\n`, true, adapters)
    expect(found).toMatchObject({ adapter: { name: 'tracenorm' } })
  })

  it('of a file that the user gives beside the inputs is no data', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tracenorm-mark-')), 'x')
    writeFileSync(path, Buffer.concat([MARK, Buffer.from('{}')]))
    expect((await readWhole(path, 100, NO_STDIN)).toString()).toBe('{}')
  })
})
