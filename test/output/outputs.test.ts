import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { InputError, UsageError } from '../../src/errors.ts'
import { Outputs } from '../../src/output/outputs.ts'
import { scratchFolder } from '../cli/program.ts'
import { memoryIo } from '../io.ts'

const scratch = scratchFolder()
let folders = 0

/** A folder of a test's own. */
function folder(): (name: string) => string {
  const path = scratch.in(String(folders++))
  mkdirSync(path)
  return (name) => `${path}/${name}`
}

/** Writes a text to an output as a run does; what is there meanwhile is looked at by `meanwhile`. */
async function write(path: string, text: string, meanwhile: () => void = () => {}): Promise<void> {
  const outputs = new Outputs([{ as: '-o', path }], [], memoryIo())
  await outputs.open()
  outputs.to('-o').write(text)
  await outputs.end('-o')
  meanwhile()
  await outputs.keep(['-o'])
}

const at = (path: string): string => readFileSync(path, 'latin1')
const modeOf = (path: string): number => statSync(path).mode & 0o7777

describe('a file', () => {
  it('has the old bytes or all of the new ones, and the new ones stand beside it before', async () => {
    const inside = folder()
    writeFileSync(inside('a'), 'old')
    await write(inside('a'), 'new', () => {
      expect(at(inside('a'))).toBe('old')
      const [partial = ''] = readdirSync(inside('')).filter((name) => name !== 'a')
      expect(partial).toMatch(/^a\.partial-[0-9a-f]{16}$/)
      expect(at(inside(partial))).toBe('new')
    })
    expect(at(inside('a'))).toBe('new')
    expect(readdirSync(inside(''))).toEqual(['a'])
  })

  it('is left as it was, without a trace, when it is discarded', async () => {
    const inside = folder()
    writeFileSync(inside('a'), 'old')
    const outputs = new Outputs([{ as: '-o', path: inside('a') }], [], memoryIo())
    await outputs.open()
    outputs.to('-o').write('new')
    await outputs.end('-o')
    outputs.discard()
    outputs.discard()
    expect([at(inside('a')), readdirSync(inside(''))]).toEqual(['old', ['a']])
  })

  it('is discarded also where its folder is gone', async () => {
    const inside = folder()
    const outputs = new Outputs([{ as: '-o', path: inside('a') }], [], memoryIo())
    await outputs.open()
    execFileSync('rm', ['-r', inside('')])
    outputs.discard()
  })

  it('that cannot get its name any more says why', async () => {
    const inside = folder()
    const remove = (): unknown => execFileSync('rm', ['-r', inside('')])
    await expect(write(inside('a'), 'x', remove)).rejects.toThrow(/cannot write: its folder does not exist/)
  })

  it('is written beside its place under a name that nobody knows before', async () => {
    const inside = folder()
    const names = new Set<string>()
    for (let times = 0; times < 4; times++)
      await write(inside('a'), '', () => {
        for (const name of readdirSync(inside(''))) names.add(name)
      })
    names.delete('a')
    expect(names.size).toBe(4)
  })

  it('keeps its mode', async () => {
    const inside = folder()
    for (const mode of [0o600, 0o640, 0o444, 0o666, 0o4755]) {
      writeFileSync(inside('a'), 'old')
      chmodSync(inside('a'), mode)
      await write(inside('a'), 'new')
      expect(modeOf(inside('a'))).toBe(mode)
      chmodSync(inside('a'), 0o600)
    }
  })

  it('that is private is private while it is written', async () => {
    const inside = folder()
    writeFileSync(inside('a'), 'old')
    chmodSync(inside('a'), 0o600)
    await write(inside('a'), 'new', () => {
      expect(readdirSync(inside('')).map((name) => modeOf(inside(name)))).toEqual([0o600, 0o600])
    })
  })

  it('that is new has the mode that the umask gives', async () => {
    const inside = folder()
    await write(inside('a'), 'new')
    writeFileSync(inside('b'), '')
    expect(modeOf(inside('a'))).toBe(modeOf(inside('b')))
  })

  it.runIf(process.getuid?.() === 0)('keeps its owner and group', async () => {
    const inside = folder()
    writeFileSync(inside('a'), 'old')
    chownSync(inside('a'), 12_345, 23_456)
    await write(inside('a'), 'new')
    expect(statSync(inside('a'))).toMatchObject({ uid: 12_345, gid: 23_456 })
  })

  it('behind links is replaced, and the links stay', async () => {
    const inside = folder()
    mkdirSync(inside('there'))
    writeFileSync(inside('there/a'), 'old')
    symlinkSync('there/a', inside('one'))
    symlinkSync(inside('one'), inside('two'))
    await write(inside('two'), 'new')
    expect(at(inside('there/a'))).toBe('new')
    expect([readlinkSync(inside('one')), readlinkSync(inside('two'))]).toEqual(['there/a', inside('one')])
    expect(readdirSync(inside(''))).toEqual(['one', 'there', 'two'])
  })

  it('may be where a link leads that leads nowhere yet', async () => {
    const inside = folder()
    symlinkSync('b', inside('a'))
    await write(inside('a'), 'new')
    expect([lstatSync(inside('a')).isSymbolicLink(), at(inside('b'))]).toEqual([true, 'new'])
  })

  it('may have the longest name that there is', async () => {
    const inside = folder()
    const long = 'x'.repeat(255)
    await write(inside(long), 'new')
    expect(readdirSync(inside(''))).toEqual([long])
  })

  it('may have a name that is no UTF-8', async () => {
    const inside = folder()
    await write(inside('a\udcff'), 'new')
    expect(readdirSync(Buffer.from(inside('')), 'buffer').map((name) => name.toString('latin1'))).toEqual(['a\xff'])
  })

  it('is compressed where its name ends in .gz', async () => {
    const inside = folder()
    await write(inside('a.gz'), 'new')
    expect(gunzipSync(readFileSync(inside('a.gz'))).toString()).toBe('new')
  })
})

describe('what cannot be an output', () => {
  const cases: readonly [string, (inside: (name: string) => string) => string, RegExp][] = [
    ['a folder that is not there', (inside) => inside('no/a'), /its folder does not exist; make it first/],
    ['a file as folder', (inside) => inside('file/a'), /what should be its folder is a file/],
    ['a circle of links', (inside) => inside('circle'), /its links lead in a circle/],
    ['a folder in a circle of links', (inside) => inside('circle/a'), /its links lead in a circle/],
    ['a name of 256 bytes', (inside) => inside('x'.repeat(256)), /its name is too long/],
    ['a folder', (inside) => inside(''), /it is a directory; name a file in it/],
    ['a folder that is not there, named as one', (inside) => inside('no/'), /it is a directory/],
    ['a device that is not there', () => '/dev/tracenorm-none', /there is no such device/],
    ['a descriptor that is not open', () => '/dev/fd/999', /that descriptor is not open/],
  ]
  it.each(cases)('%s', async (_title, pathIn, why) => {
    const inside = folder()
    writeFileSync(inside('file'), '')
    symlinkSync('circle', inside('circle'))
    const names = readdirSync(inside(''))
    const error = await write(pathIn(inside), 'x').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InputError)
    expect(error instanceof InputError && `${error.message}; ${error.hint}`).toMatch(why)
    expect(readdirSync(inside(''))).toEqual(names)
  })

  it('no name', () => {
    expect(() => new Outputs([{ as: '-o', path: '' }], [], memoryIo())).toThrow(UsageError)
  })
})

describe('two names of one file', () => {
  const pairs: readonly [string, string, string][] = [
    ['the same name', 'a', 'a'],
    ['a name with a detour', 'a', './there/../a'],
    ['a link to it', 'a', 'link'],
    ['a second name of it', 'a', 'hard'],
    ['the same new name', 'new', 'new'],
    ['a new name in a linked folder', 'there/new', 'way/new'],
    ['a link that leads nowhere yet', 'new', 'toward'],
  ]
  const prepared = (): ((name: string) => string) => {
    const inside = folder()
    mkdirSync(inside('there'))
    symlinkSync('there', inside('way'))
    writeFileSync(inside('a'), 'old')
    symlinkSync('a', inside('link'))
    linkSync(inside('a'), inside('hard'))
    symlinkSync('new', inside('toward'))
    return inside
  }
  it.each(pairs)('%s: they are no two outputs', (_title, one, other) => {
    const inside = prepared()
    const both = [
      { as: '-o', path: inside(one) },
      { as: '--report', path: inside(other) },
    ]
    expect(() => new Outputs(both, [], memoryIo())).toThrow(/^-o and --report are one file: /)
  })

  it.each(pairs.slice(0, 4))('%s: they are no output and input', (_title, one, other) => {
    const inside = prepared()
    const output = { as: '-o', path: inside(one) }
    expect(() => new Outputs([output], [{ as: 'x', path: inside(other) }], memoryIo())).toThrow(
      '-o would write to what is read: x',
    )
  })

  it('may be, of what two can share', () => {
    expect(
      () =>
        new Outputs(
          [
            { as: '-o', path: '/dev/null' },
            { as: '--report', path: '/dev/null' },
          ],
          [{ as: 'x', path: '/dev/null' }],
          memoryIo(),
        ),
    ).not.toThrow()
  })
})

describe.runIf(existsSync('/proc/self/fd'))('what is no regular file is written in place:', () => {
  it('a device behind a link', async () => {
    const inside = folder()
    symlinkSync('/dev/null', inside('a'))
    await write(inside('a'), 'x')
    expect(readlinkSync(inside('a'))).toBe('/dev/null')
  })

  it('a FIFO, when its reader comes', async () => {
    const inside = folder()
    execFileSync('mkfifo', [inside('a')])
    const reader = promisify(execFile)('head', ['-n1', inside('a')])
    await write(inside('a'), 'x\n')
    const { stdout: text } = await reader
    expect(text).toBe('x\n')
    expect(lstatSync(inside('a')).isFIFO()).toBe(true)
  })

  it('a descriptor, behind what was written to it', async () => {
    const inside = folder()
    writeFileSync(inside('a'), 'old\n')
    const fd = openSync(inside('a'), 'a')
    await write(`/dev/fd/${fd}`, 'new\n')
    closeSync(fd)
    expect([at(inside('a')), readdirSync(inside('')).map((name) => basename(name))]).toEqual(['old\nnew\n', ['a']])
  })
})
