// Names of files that are no UTF-8: Linux lets every byte but NUL and / be in one.
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nameOf, pathOf, shownName } from '../../src/text/file-name.ts'
import { MAIN } from './processes.ts'
import { recordsIn, scratchFolder, TWO_DROPS } from './program.ts'

const scratch = scratchFolder()

describe('a name', () => {
  it.each([
    'a',
    'ü',
    '日本',
    '🙂',
    'a\xff',
    '\xff\xfe',
    'ü\xc3',
    '\xc3',
    'a\xed\xb3\xbfb',
    '\xf0\x9f\x99',
    '\xef\xbf\xbd',
  ])('leads back to its bytes, and is shown as text: %j', (latin1) => {
    const bytes = Buffer.from(latin1, 'latin1')
    const name = nameOf(bytes)
    expect(Buffer.from(pathOf(name)).equals(bytes)).toBe(true)
    expect(JSON.stringify(shownName(name))).not.toMatch(/\\ud/)
  })
})

describe.runIf(process.platform === 'linux')('a file whose name is no UTF-8', () => {
  const script = (line: string): ReturnType<typeof spawnSync> =>
    spawnSync('bash', ['-c', `tracenorm() { '${process.execPath}' '${MAIN}' "$@"; }\n${line}`], { cwd: scratch.path })

  it('is read, and another of the same look with it', () => {
    for (const name of ['a\xff', 'a\xfe']) writeFileSync(Buffer.from(`${scratch.path}/${name}`, 'latin1'), TWO_DROPS)
    const { status, stdout } = script(`tracenorm -q $'a\\xff' $'a\\xfe'`)
    const records = recordsIn(Buffer.from(stdout))
    expect([status, records.length, records[0]?.capture.path]).toEqual([0, 4, 'a\ufffd'])
  })

  it('is written', () => {
    writeFileSync(scratch.in('in'), TWO_DROPS)
    expect(script(`tracenorm -q in -o $'out\\xff' --report $'r\\xfe' --quarantine=$'q\\xfd'`).status).toBe(0)
    const names = readdirSync(Buffer.from(scratch.path), 'buffer').map((name) => name.toString('latin1'))
    expect(names).toEqual(expect.arrayContaining(['out\xff', 'r\xfe', 'q\xfd']))
  })

  it('is told of, where it is not there', () => {
    const { status, stderr } = script(`tracenorm $'no\\xff'`)
    expect(status).toBe(1)
    expect(String(stderr)).toMatch(/^tracenorm: \$'no\\xff': no such file$/m)
  })
})
