// Files beside the inputs that are not what they should be: one sentence says which flag, which file, and why.
import { mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { givenSnapshot } from '../../src/commands/given-snapshot.ts'
import { TracenormError } from '../../src/errors.ts'
import { givenFiles, givenReasons } from '../../src/run/given-file.ts'
import { scratchFolder } from '../cli/program.ts'
import { memoryIo, NO_STDIN } from '../io.ts'
import { schemaOf } from '../schemas/violations.ts'

const scratch = scratchFolder()
const [EXAMPLE] = schemaOf('snapshot').examples ?? []
const SNAPSHOT = JSON.stringify(EXAMPLE)
const GZIP = gzipSync(SNAPSHOT)

beforeAll(() => {
  mkdirSync(scratch.in('folder'))
  for (const [name, content] of Object.entries({
    empty: '',
    binary: Buffer.from([0, 1, 2, 0xff, 0xfe, 0, 10, 13]),
    'cut.gz': GZIP.subarray(0, GZIP.length - 20),
    'packed.zst': Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]),
    'cut.json': SNAPSHOT.slice(0, 200),
    'list.json': '[]',
    'later.json': JSON.stringify({ ...Object(EXAMPLE), v: 2 }),
    'mark.json': `\uFEFF${SNAPSHOT}`,
    'whole.gz': GZIP,
  }))
    writeFileSync(scratch.in(name), content)
})

/** What the run says of a file, `FILE` for its path; empty when it is taken. */
async function complaint(flag: string, name: string): Promise<string> {
  const path = scratch.in(name)
  try {
    if (flag === '--reasons') await givenReasons(path, NO_STDIN)
    else await givenSnapshot(path, memoryIo())
    return ''
  } catch (error) {
    if (!(error instanceof TracenormError)) throw error
    return `${error.code} ${error.message.replaceAll(path, 'FILE')}`
  }
}

describe('--snapshot of a file', () => {
  it.each([
    ['nowhere', '1 --snapshot FILE: no such file'],
    ['folder', '1 --snapshot FILE: is a directory'],
    ['empty', '2 --snapshot FILE: no snapshot: it is empty'],
    ['binary', '2 --snapshot FILE: no snapshot: no JSON'],
    ['cut.gz', '1 --snapshot FILE: broken gzip: unexpected end of file'],
    ['packed.zst', '1 --snapshot FILE: broken zstd: unexpected end of file'],
    ['cut.json', '2 --snapshot FILE: no snapshot: broken JSON'],
    ['list.json', '2 --snapshot FILE: no snapshot: it must be object'],
    ['later.json', '2 --snapshot FILE: a snapshot of version 2, and only version 1 is known'],
    ['mark.json', ''],
    ['whole.gz', ''],
  ])('%s: %s', async (name, sentence) => {
    expect(await complaint('--snapshot', name)).toBe(sentence)
  })
})

describe('--reasons of a file', () => {
  it.each([
    ['nowhere', '1 --reasons FILE: no such file'],
    ['folder', '1 --reasons FILE: is a directory'],
    ['empty', '2 --reasons FILE: no drop reasons in it: '],
    ['binary', '2 --reasons FILE: no drop reasons in it: '],
    ['cut.gz', '1 --reasons FILE: broken gzip: unexpected end of file'],
    ['packed.zst', '1 --reasons FILE: broken zstd: unexpected end of file'],
    ['cut.json', '2 --reasons FILE: broken JSON'],
    ['list.json', '2 --reasons FILE: no drop reasons in it: '],
    ['later.json', '2 --reasons FILE: a snapshot of version 2, and only version 1 is known'],
    ['mark.json', ''],
    ['whole.gz', ''],
  ])('%s: %s', async (name, sentence) => {
    const said = await complaint('--reasons', name)
    expect(said.startsWith(sentence) && (sentence !== '' || said === ''), said).toBe(true)
  })
})

describe('a folder of files that a flag names', () => {
  it('gives those of one name, however deep, each after its path', () => {
    mkdirSync(scratch.in('events/skb/kfree_skb'), { recursive: true })
    writeFileSync(scratch.in('events/skb/kfree_skb/format'), 'name: kfree_skb\n')
    writeFileSync(scratch.in('events/skb/kfree_skb/id'), '1\n')
    writeFileSync(scratch.in('events/format.net.netif_rx.txt'), 'name: netif_rx\n')
    const path = scratch.in('events')
    expect(
      givenFiles('--formats', path, 'format')
        .map((text) => text.replace(path, 'DIR'))
        .sort(),
    ).toEqual(
      ['DIR/format.net.netif_rx.txt', 'name: netif_rx\n', 'DIR/skb/kfree_skb/format', 'name: kfree_skb\n'].sort(),
    )
    expect(givenFiles('--formats', scratch.in('events/skb/kfree_skb/format'), 'format')).toHaveLength(2)
  })

  it.each([
    ['nowhere', 'cannot read'],
    ['folder', 'no file called format in it'],
  ])('%s is refused', (name, why) => {
    expect(() => givenFiles('--formats', scratch.in(name), 'format')).toThrow(why)
  })
})
