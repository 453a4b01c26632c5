import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { openCaptures, type Unpacking } from '../../src/input/captures.ts'
import { Expansion } from '../../src/input/expansion.ts'
import { programIn } from '../../src/input/program.ts'
import { memoryStdin } from '../../src/input/stdin.ts'
import { scratchFolder } from '../cli/program.ts'
import { UNPACKING } from '../first-capture.ts'
import { NO_STDIN } from '../io.ts'
import { spread, tarOf, zipOf } from '../kit/archives.ts'
import { randomOf } from '../kit/random.ts'

const scratch = scratchFolder()
const PATH = process.env.PATH ?? ''
const has = (program: string): boolean => programIn(PATH, program) !== undefined

/** `path: content`, `path: why it ended`, or `path (why it is skipped)`. */
async function listed(
  input: string | Uint8Array | Iterable<Uint8Array>,
  unpacking: Partial<Unpacking> = {},
): Promise<readonly string[]> {
  const stdin = typeof input === 'string' ? NO_STDIN : memoryStdin(input instanceof Uint8Array ? [input] : input)
  const path = typeof input === 'string' ? input : '-'
  const list: string[] = []
  for await (const found of openCaptures(path, { stdin, unpacking: { ...UNPACKING, ...unpacking }, isLast: true })) {
    const name = found.path.replace(path, 'A')
    list.push(found.as === 'skipped' ? `${name} (${found.why})` : `${name}: ${await contentOf(found.bytes)}`)
  }
  return list
}

async function contentOf(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  let content = ''
  try {
    for await (const chunk of bytes) content += Buffer.from(chunk).toString('latin1')
    return content.length > 100 ? `${content.length} bytes` : content
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return `${content.length} bytes, ${error.message.replace(/^[^:]*: /, '')}`
  }
}

const TWO = { 'a.txt': 'one', 'dir/b.txt': 'two' }
const LIST = ['A!a.txt: one', 'A!dir/b.txt: two']

describe('an archive', () => {
  it('gives its files, whatever packs it, in chunks of any length', async () => {
    const tar = await tarOf(TWO)
    for (const bytes of [tar, gzipSync(tar), gzipSync(gzipSync(tar))]) {
      expect(await listed(bytes)).toEqual(LIST)
      expect(await listed([...bytes].map((byte) => Buffer.from([byte])))).toEqual(LIST)
    }
  })

  it('may be in others, 8 deep, and not deeper', async () => {
    let tar = await tarOf({ 'a.txt': 'one' })
    for (let deep = 1; deep < 8; deep++) tar = await tarOf({ x: deep % 2 === 0 ? gzipSync(tar) : tar })
    expect(await listed(tar)).toEqual([`A${'!x'.repeat(7)}!a.txt: one`])
    expect(await listed(await tarOf({ x: tar, y: 'two' }))).toEqual([
      `A${'!x'.repeat(8)} (archive nested deeper than 8)`,
      'A!y: two',
    ])
  })

  it('goes on after a capture that was left, and ends where it is left', async () => {
    writeFileSync(scratch.in('left.tar'), await tarOf({ long: 'x'.repeat(1_000_000), ...TWO }))
    const names: string[] = []
    const source = { stdin: NO_STDIN, unpacking: UNPACKING, isLast: true }
    for await (const found of openCaptures(scratch.in('left.tar'), source)) {
      names.push(found.path.replace(/^.*!/, ''))
      if (found.as === 'capture') for await (const chunk of found.bytes) if (chunk.length > 0) break
      if (names.length === 2) break
    }
    expect(names).toEqual(['long', 'a.txt'])
  })

  it('reads on after a damaged file', async () => {
    const packed = gzipSync('x'.repeat(10_000))
    packed[packed.length - 5] = 1
    const bad = packed.subarray(0, packed.length - 2)
    const tar = await tarOf({ 'a.gz': packed, 'b.gz': bad, 'c.tar': (await tarOf(TWO)).subarray(0, 700), d: 'two' })
    expect(await listed(tar)).toEqual([
      expect.stringMatching(/^A!a\.gz: 10000 bytes, broken gzip: the checksum/),
      'A!b.gz: 10000 bytes, broken gzip: unexpected end of file',
      expect.stringMatching(/^A!c\.tar!a\.txt: one$/),
      expect.stringMatching(/^A!c\.tar: 0 bytes, broken tar: it is cut/),
      'A!d: two',
    ])
  })

  it('says of a packing that is not read, and does not call it a capture', async () => {
    const tar = await tarOf({ 'x.lz4': Buffer.from('\x04"M\x18abc', 'latin1'), ...TWO })
    expect(await listed(tar)).toEqual(['A!x.lz4 (file of a packing that is not read)', ...LIST])
  })
})

describe('what comes out of an INPUT', () => {
  it('is bounded in bytes, and what came before stays', async () => {
    const tar = gzipSync(await tarOf({ 'a.txt': 'one', big: 'x'.repeat(100_000), 'c.txt': 'three' }))
    const list = await listed(tar, { limits: { bytes: 50_000, ratio: 100_000 } })
    expect(list).toHaveLength(1)
    expect(list[0]).toMatch(/^A: 0 bytes, more than 50000 bytes come out of it$/)
    const nested = await tarOf({ 'a.txt': 'one', 'b.gz': gzipSync('x'.repeat(100_000)), 'c.txt': 'three' })
    expect(await listed(nested, { limits: { bytes: 50_000, ratio: 100_000 } })).toEqual([
      'A!a.txt: one',
      expect.stringMatching(/^A!b\.gz: 0 bytes, more than 50000 bytes come out of it$/),
    ])
  })

  it('is bounded by its own bytes, from 256 MiB on', async () => {
    const expansion = new Expansion('bomb.gz', { bytes: 2 ** 40, ratio: 100 })
    async function* chunks(count: number): AsyncGenerator<Uint8Array> {
      const chunk = Buffer.alloc(2 ** 20)
      for (let times = 0; times < count; times++) yield chunk
    }
    for await (const chunk of expansion.packed(chunks(2))) expect(chunk).toHaveLength(2 ** 20)
    let given = 0
    const read = async (count: number): Promise<void> => {
      for await (const chunk of expansion.unpacked(chunks(count))) given += chunk.length
    }
    await read(200)
    expect(expansion.isOver).toBe(false)
    await expect(read(100)).rejects.toThrow('bomb.gz: more than 100 times its own bytes come out of it')
    expect([given, expansion.isOver]).toEqual([256 * 2 ** 20, true])
  })
})

describe('a tar', () => {
  it('that is cut says where, after all that came before', async () => {
    const tar = await tarOf(TWO)
    expect(await listed(tar.subarray(0, 300))).toEqual([
      expect.stringMatching(/^A: 0 bytes, broken tar: it is cut within a header/),
    ])
    expect(await listed(tar.subarray(0, 514))).toEqual([
      expect.stringMatching(/^A!a\.txt: 2 bytes, broken tar: it is cut within a\.txt, before byte 514$/),
    ])
    expect(await listed(tar.subarray(0, 1300))).toEqual([
      'A!a.txt: one',
      expect.stringMatching(/^A: 0 bytes, broken tar: it is cut within a header/),
    ])
    expect(await listed(tar.subarray(0, 1024))).toEqual([
      'A!a.txt: one',
      expect.stringMatching(/^A: 0 bytes, broken tar: it ends without its end mark/),
    ])
  })

  it('with a damaged header is read on from the next good one', async () => {
    const tar = await tarOf({ 'a.txt': 'one', 'b.txt': 'two', 'c.txt': 'three' })
    tar[1024 + 3] = 0x41
    expect(await listed(tar)).toEqual([
      'A!a.txt: one',
      expect.stringMatching(/^A: 0 bytes, broken tar: a header without the checksum of its bytes, before byte 1536$/),
      'A!c.txt: three',
    ])
  })

  it('may follow another one', async () => {
    expect(await listed(Buffer.concat([await tarOf({ x: '0' }), await tarOf(TWO)]))).toEqual(['A!x: 0', ...LIST])
  })

  it('gives no file whose name leads out of it', async () => {
    const tar = await tarOf({ '/etc/a': '1', '../b': '2', 'c/../../d': '3', './e': '4' })
    const out = '(name that leads out of the archive)'
    expect(await listed(tar)).toEqual([`A!/etc/a ${out}`, `A!../b ${out}`, `A!c/../../d ${out}`, 'A!e: 4'])
  })

  it('reads sizes in base 256', async () => {
    const tar = await tarOf(TWO)
    // GNU tar writes sizes from 8 GiB on so.
    tar.fill(0, 124, 136)
    tar[124] = 0x80
    tar[135] = 3
    tar.write('        ', 148, 'latin1')
    const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    expect(await listed(tar)).toEqual(LIST)
  })

  it.runIf(has('tar')).each(['v7', 'oldgnu', 'gnu', 'ustar', 'pax'])(
    'in the format %s is read as tar-stream reads it',
    async (format) => {
      const folder = scratch.in(`tree-${format}`)
      const long = `${'long/'.repeat(30)}${'name'.repeat(20)}`
      spread(folder, {
        'a.txt': 'one',
        'b/c.txt': 'x'.repeat(70_000),
        'b/ünï': 'two',
        empty: '',
        ...(format === 'v7' ? {} : { [format === 'ustar' ? long.slice(0, 190) : long]: 'three' }),
      })
      const tar = tarIn(folder, format)
      // tar-stream does not read v7.
      const judged = format === 'v7' ? tarIn(folder, 'gnu') : tar
      expect(await listed(tar)).toEqual(await listedByTarStream(judged))
    },
  )

  it.runIf(has('tar'))('says what it does not read', async () => {
    const folder = scratch.in('kinds')
    mkdirSync(folder)
    spread(folder, { 'a.txt': 'one', 'z.txt': 'two' })
    symlinkSync('a.txt', `${folder}/link`)
    execFileSync('ln', [`${folder}/a.txt`, `${folder}/hard`])
    execFileSync('mkfifo', [`${folder}/fifo`])
    writeFileSync(`${folder}/sparse`, 'x')
    truncateSync(`${folder}/sparse`, 5_000_000)
    for (const format of ['gnu', 'pax']) {
      const tar = tarIn(folder, format, '-S')
      const list = (await listed(tar)).map((one) => one.replace(/GNUSparseFile\.\d+\//, ''))
      expect([format, list]).toEqual([
        format,
        ['A!a.txt: one', 'A!fifo (device)', 'A!hard (link)', 'A!link (link)', 'A!sparse (sparse file)', 'A!z.txt: two'],
      ])
    }
  })
})

/** What GNU tar makes of a folder. */
function tarIn(folder: string, format: string, ...flags: readonly string[]): Buffer {
  return execFileSync('tar', ['-c', ...flags, `--format=${format}`, '--sort=name', '.'], { cwd: folder })
}

/** Files of a tar by another reader of tars. */
async function listedByTarStream(tar: Buffer): Promise<readonly string[]> {
  const list: string[] = []
  const reader = extract()
  reader.end(tar)
  for await (const entry of reader) {
    const { name, type } = entry.header
    const content = await contentOf([await buffer(entry)])
    if (type === 'file') list.push(`A!${name.replace(/^\.\//, '')}: ${content}`)
  }
  return list
}

describe.runIf(has('zip'))('a zip', () => {
  const tree = (name: string): string => {
    const folder = scratch.in(name)
    spread(folder, { ...TWO, 'c.txt': 'x'.repeat(100_000) })
    return folder
  }
  const all = [...LIST, 'A!c.txt: 100000 bytes'].toSorted()

  it('is read from a file and from a pipe', async () => {
    const zip = zipOf(tree('zip1'))
    writeFileSync(scratch.in('x.zip'), zip)
    expect((await listed(scratch.in('x.zip'))).toSorted()).toEqual(all)
    expect((await listed(zip)).toSorted()).toEqual(all)
    expect((await listed(await tarOf({ z: zip }))).toSorted()).toEqual(all.map((one) => one.replace('A', 'A!z')))
  })

  it('may have its sizes after the data, or in 64 bits', async () => {
    const folder = tree('zip2')
    const streamed = execFileSync('sh', ['-c', 'zip -qr - . | cat'], { cwd: folder })
    expect(streamed.includes('PK\x07\x08')).toBe(true)
    expect((await listed(streamed)).toSorted()).toEqual(all)
    expect((await listed(zipOf(folder, '-fz'))).toSorted()).toEqual(all)
  })

  it('refuses what is encrypted or packed in an unknown way, and reads its neighbours', async () => {
    const folder = tree('zip3')
    expect(await listed(zipOf(folder, '-P', 'secret'))).toHaveLength(3)
    for (const one of await listed(zipOf(folder, '-P', 'secret'))) expect(one).toMatch(/: 0 bytes, is encrypted$/)
    const zip = zipOf(folder)
    const directory = zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
    zip[directory + 10] = 99
    const list = await listed(zip)
    expect(list.filter((one) => one.endsWith(': 0 bytes, is packed by method 99 of zip'))).toHaveLength(1)
    expect(list).toHaveLength(3)
  })

  it('reads on after a damaged file, and says where the archive is cut', async () => {
    const zip = zipOf(tree('zip4'))
    const data = zip.indexOf('two')
    zip[data] = 0x54
    expect((await listed(zip)).toSorted()).toEqual([
      'A!a.txt: one',
      'A!c.txt: 100000 bytes',
      'A!dir/b.txt: 3 bytes, broken zip: its checksum is of other bytes',
    ])
    expect(await listed(zip.subarray(0, -30))).toEqual([expect.stringMatching(/^A: 0 bytes, broken zip: /)])
  })

  it('gives no links', async () => {
    const folder = tree('zip5')
    symlinkSync('a.txt', `${folder}/link`)
    expect(await listed(zipOf(folder, '-y'))).toContain('A!link (link)')
  })
})

describe('a damaged archive', () => {
  it('gives errors that name it, and ends', { timeout: 60_000 }, async () => {
    const tar = await tarOf({ ...TWO, 'n.tar.gz': gzipSync(await tarOf(TWO)), 'x.gz': gzipSync('x'.repeat(5000)) })
    const folder = scratch.in('damaged')
    spread(folder, { ...TWO, 'n.tar': tar })
    const archives = [tar, gzipSync(tar), ...(has('zip') ? [zipOf(folder)] : [])]
    const random = randomOf(18)
    const rounds = 40 * Number(process.env.TRACENORM_ROUNDS ?? 4)
    for (let round = 0; round < rounds; round++) {
      const whole = random.pick(archives)
      const copy = Buffer.from(whole.subarray(0, random.below(3) === 0 ? random.below(whole.length) : whole.length))
      for (let times = random.below(4); times > 0 && copy.length > 0; times--)
        copy[random.below(copy.length)] = random.below(256)
      expect((await listed(copy)).length, `round ${round}`).toBeLessThan(100)
    }
  })

  it('of gzip gives what a whole one gives, up to where it is cut', async () => {
    const whole = gzipSync(await tarOf(TWO))
    expect(gunzipSync(whole).length).toBeGreaterThan(1024)
    const list = await listed(whole.subarray(0, -5))
    expect(list.slice(0, 2)).toEqual(LIST)
  })
})
