import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { adapters } from '../../adapters/registry.ts'
import { OWN_NDJSON } from '../../src/commands/records-flags.ts'
import { type InvalidLine, validateFile, wireValidation } from '../../src/run/validate.ts'
import { EVENT, NO_EVENT, scratchFolder } from '../cli/program.ts'
import { firstCapture } from '../first-capture.ts'
import { openConverter } from '../kit/harness.ts'

const scratch = scratchFolder()

async function invalidIn(bytes: string, extent: 'open' | 'strict'): Promise<readonly InvalidLine[]> {
  const path = scratch.in('records.ndjson')
  writeFileSync(path, bytes, 'latin1')
  const found: InvalidLine[] = []
  const wired = await wireValidation(OWN_NDJSON, extent, adapters)
  const capture = await firstCapture(path)
  const checked = await validateFile(path, capture.bytes, wired, (line) => found.push(line))
  await capture.close()
  expect(checked.invalid).toBe(found.length)
  return found
}

const LATER = EVENT.replace('"kind"', '"later":1,"kind"')

/** Lines of which the one or the other might think otherwise. */
const LINES: readonly string[] = [
  EVENT,
  NO_EVENT,
  LATER,
  '\n',
  ' \t\r\n',
  '{}\n',
  '[]\n',
  'null\n',
  'no json\n',
  `\ufeff${EVENT}`,
  EVENT.replace('\n', '\r\n'),
  EVENT.replace(':1,', ':2,'),
  EVENT.replace('a:b', 'a\0b'),
  EVENT.replace('a:b', 'a\xffb'),
  EVENT.replace('a:b', 'a\x01b'),
  EVENT.replace('"line":1', '"line":1e400'),
  EVENT.replace('"line":1', '"line":1.0'),
  EVENT.replace('"line":1', '"line":1,"line":0'),
  EVENT.replace('{"v"', '{"__proto__":1,"v"'),
  EVENT.replace('}}', `},"later":${'['.repeat(150)}${']'.repeat(150)}}`),
  EVENT.replace('}}', `},"later":"${'x'.repeat(300_000)}"}`),
  EVENT.replace('}}', `},"later":"${'x'.repeat(1_100_000)}"}`),
  `${EVENT.trimEnd()}${EVENT}`,
]

describe('a line is valid', () => {
  it('if, and only if, a filter lets it pass', async () => {
    const filter = await openConverter(['--kind=all', '--from=tracenorm:ndjson'], '.')
    // The last one without its end, too.
    for (const line of [...LINES, ...LINES.map((one) => one.trimEnd())]) {
      const { outcome } = await filter.convert(Buffer.from(line, 'latin1'))
      const invalid = await invalidIn(line, 'open')
      expect(invalid.length > 0, line.slice(0, 200)).toBe(outcome.ledger.units.rejected.units > 0)
    }
  })

  it('is reported once, by its number, however long it is', async () => {
    const long = 'x'.repeat(2_500_000)
    expect(await invalidIn(`${EVENT}${long}\n\n${EVENT}${NO_EVENT}`, 'open')).toMatchObject([
      { line: 2, why: 'longer than 1 MiB' },
      { line: 5, why: 'drop is missing' },
    ])
  })

  it('by the strict schema only without members that it does not name', async () => {
    expect(await invalidIn(EVENT + LATER, 'strict')).toMatchObject([
      { line: 2, why: 'later is not a member that the schema allows there' },
    ])
  })
})
