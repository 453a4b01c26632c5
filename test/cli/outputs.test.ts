// Outputs that are inputs or each other, places that are no plain file, inputs that fail: a run leaves what was
// there, or all that it was asked for.
import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MAIN, until } from './processes.ts'
import { dropLine, NO_EVENT, type Run, recordsIn, scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()
let folders = 0

/** A folder with a capture and what may go with it. */
function prepared(): string {
  const path = scratch.in(`run-${folders++}`)
  mkdirSync(path)
  writeFileSync(`${path}/in`, TWO_DROPS)
  writeFileSync(`${path}/prev`, 'of yesterday\n')
  writeFileSync(
    `${path}/reasons.h`,
    'enum skb_drop_reason { SKB_NOT_DROPPED_YET = 0, SKB_DROP_REASON_NO_SOCKET = 3, };\n',
  )
  writeFileSync(`${path}/p.bt`, 'tracepoint:skb:kfree_skb { printf("%d\\n", args->reason); }\n')
  symlinkSync('in', `${path}/link`)
  return path
}

/** All files, with what is in them. */
function contents(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'latin1')]))
}

/** As a shell would. */
function shell(
  cwd: string,
  script: string,
): { readonly status: number | null; readonly stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', `tracenorm() { '${process.execPath}' '${MAIN}' "$@"; }\n${script}`],
    { cwd, encoding: 'latin1' },
  )
  return { status, stdout, stderr }
}

/** As a shell would, without one: words and redirections. */
async function redirected(cwd: string, script: string): Promise<Run> {
  const [, words = '', redirections = ''] = /^tracenorm (.*?)((?: ?(?:>>|>|<) \S+)*)$/.exec(script) ?? []
  const targetOf = (operator: string): string | undefined =>
    [...redirections.matchAll(/(>>|>|<) (\S+)/g)].find(([, found]) => found === operator)?.[2]
  return tracenorm(
    words.split(' ').filter((word) => word !== ''),
    { cwd, from: targetOf('<'), to: targetOf('>'), onto: targetOf('>>') },
  )
}

const REFUSED = [2, expect.stringMatching(/^tracenorm: [^\n]*(are one file|what is read)[^\n]*\n$/)]

describe('an output that is an input, or another output', () => {
  it.each([
    'tracenorm in -o in',
    'tracenorm in -o link',
    'tracenorm in --report in',
    'tracenorm in --quarantine in',
    'tracenorm in -o new --report new',
    'tracenorm in -o new --quarantine new',
    'tracenorm in --to csv -o new --table-schema new',
    'tracenorm in >> in',
    'tracenorm < in >> in',
    'tracenorm in -o /dev/stdout >> in',
    'tracenorm in --report /dev/stdout > prev < prev',
    'tracenorm in --reasons reasons.h -o reasons.h',
    'tracenorm in --snapshot prev --report prev',
    'tracenorm in --program p.bt --quarantine p.bt',
    'tracenorm filter true in -o in',
    'tracenorm export in --table-schema in',
    'tracenorm summary in >> in',
    'tracenorm detect in >> in',
    'tracenorm detect reasons.h in >> in',
    'tracenorm detect < in >> in',
  ])('is refused before a byte is written: %s', async (script) => {
    const folder = prepared()
    const before = contents(folder)
    const { status, stderr } = await redirected(folder, script)
    expect([status, stderr]).toEqual(REFUSED)
    expect(contents(folder)).toEqual(
      script.includes('> prev') && !script.includes('>>') ? { ...before, prev: '' } : before,
    )
  })

  it('is refused where the shell has opened both', () => {
    const folder = prepared()
    const before = contents(folder)
    const { status, stderr } = shell(folder, 'tracenorm < in -o /dev/stdout >> in')
    expect([status, stderr]).toEqual(REFUSED)
    expect(contents(folder)).toEqual(before)
  })
})

const NO_FOLDER = 'tracenorm: no/where: cannot write: its folder does not exist; make it first\n'

describe('a run that failed', () => {
  const gone: readonly (readonly [string, readonly string[]])[] = [
    ['an input that is not there', ['typo']],
    ['a folder', ['.']],
    ['packed as nobody reads it', ['x.zst']],
    ['broken gzip, from its first record on', ['cut.gz']],
    ['inputs of which none can be read', ['typo', 'x.zst']],
  ]
  it.each(gone)('leaves outputs as they were, and reports: %s', async (_title, files) => {
    const folder = prepared()
    writeFileSync(`${folder}/x.zst`, Buffer.from('28b52ffd2458', 'hex'))
    writeFileSync(`${folder}/cut.gz`, gzipSync(TWO_DROPS).subarray(0, -9))
    const before = contents(folder)
    const words = [...files, '-o', 'prev', '--quarantine', 'q', '--report', 'r']
    const { status, stderr } = await tracenorm(words, { cwd: folder })
    expect(status).toBe(1)
    expect(stderr).toContain('tracenorm: -o prev is left as it was')
    const { r: report = '', ...rest } = contents(folder)
    expect(rest).toEqual(before)
    expect(JSON.parse(report)).toMatchObject({ status: 1, inputs: files.map((path) => ({ path })) })
  })

  it('in one input of several gives the others, and says so', async () => {
    const folder = prepared()
    const { status } = await tracenorm(['typo', 'in', '-o', 'prev'], { cwd: folder })
    expect([status, recordsIn(readFileSync(`${folder}/prev`)).length]).toEqual([1, 2])
  })

  it.each([['--report'], ['--quarantine'], ['-o'], ['--table-schema']])(
    'for want of a place for %s ends before anything is read',
    async (flag) => {
      const folder = prepared()
      const before = contents(folder)
      const words = ['--to', 'csv', ...(flag === '-o' ? [] : ['-o', 'prev']), flag, 'no/where']
      let asked = 0
      function* counted(): Generator<Uint8Array> {
        asked++
        yield Buffer.from(TWO_DROPS)
      }
      const { status, stderr } = await tracenorm(words, { cwd: folder, input: counted() })
      expect([status, stderr, asked]).toEqual([1, NO_FOLDER, 0])
      expect(contents(folder)).toEqual(before)
    },
  )

  it('for want of a place ends though stdin stays open', async () => {
    const folder = prepared()
    const child = spawn(process.execPath, [MAIN, '-o', 'no/where'], { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1)
    expect(said).toBe(NO_FOLDER)
  })

  it('on a full disk under the report leaves the records as they were', async () => {
    const folder = prepared()
    const before = contents(folder)
    const { status, stderr } = await tracenorm(['in', '-q', '-o', 'prev', '--report', '/dev/full'], { cwd: folder })
    expect([status, stderr]).toEqual([1, 'tracenorm: /dev/full: cannot write: no space left on the device\n'])
    expect(contents(folder)).toEqual(before)
  })

  it('because the output has lost its folder says so', async () => {
    const folder = prepared()
    mkdirSync(`${folder}/there`)
    const child = spawn(process.execPath, [MAIN, '-q', '-o', 'there/a'], {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    await until(() => readdirSync(`${folder}/there`).length > 0)
    rmSync(`${folder}/there`, { recursive: true })
    child.stdin.end(TWO_DROPS)
    expect(await ended).toBe(1)
    expect(said).toBe('tracenorm: there/a: cannot write: its folder does not exist; make it first\n')
  })

  it.each([
    ['in/x', 1],
    ['x'.repeat(300), 1],
    ['.', 1],
    ['', 2],
    ['new.zip', 2],
    ['new.ndjson.zst', 2],
  ])('-o %s has one line on stderr', async (path, expected) => {
    const folder = prepared()
    const before = contents(folder)
    const { status, stderr } = await tracenorm(['in', '-o', path], { cwd: folder })
    expect([status, stderr.split('\n').length]).toEqual([expected, 2])
    expect(contents(folder)).toEqual(before)
  })
})

describe('-o', () => {
  it.each([
    ['new.csv', /^v,kind,/],
    ['new.tsv', /^v\tkind\t/],
    ['new.CSV', /^v,kind,/],
    ['new.ndjson', /^\{"v":1/],
    ['new.txt', /^\{"v":1/],
  ])('%s has the form of its name', async (name, begin) => {
    const folder = prepared()
    expect((await tracenorm(['in', '-o', name], { cwd: folder })).status).toBe(0)
    expect(readFileSync(`${folder}/${name}`, 'utf8')).toMatch(begin)
  })

  it('has the form that --to says, whatever its name', async () => {
    const folder = prepared()
    await tracenorm(['in', '-o', 'new.csv', '--to', 'ndjson'], { cwd: folder })
    expect(recordsIn(readFileSync(`${folder}/new.csv`))).toHaveLength(2)
  })

  it('- is stdout', async () => {
    expect((await tracenorm(['-o', '-'], { input: TWO_DROPS })).records).toHaveLength(2)
  })

  it.runIf(existsSync('/dev/stdout'))('/dev/stdout goes behind what the shell appends to, and stays what it is', () => {
    const folder = prepared()
    expect(shell(folder, 'tracenorm -q in -o /dev/stdout >> prev').status).toBe(0)
    const [first, ...lines] = readFileSync(`${folder}/prev`, 'utf8').trimEnd().split('\n')
    expect([first, lines.length]).toEqual(['of yesterday', 2])
    expect(lstatSync('/dev/stdout').isSymbolicLink()).toBe(true)
  })

  it('of a process substitution goes to its command', () => {
    const { stdout } = shell(prepared(), 'tracenorm -q in -o >(grep -c NO_SOCKET); wait $!')
    expect(stdout).toBe('2\n')
  })
})

describe('nobody reads stdout any more', () => {
  it('the report and the rejected bytes are written', () => {
    const folder = prepared()
    const lines = Array.from({ length: 20_000 }, (_, index) => dropLine(index)).join('')
    writeFileSync(`${folder}/in`, `${NO_EVENT}${lines}`)
    const run = 'tracenorm in --quarantine q --report r 2> said | head -n 1; echo "$PIPESTATUS"'
    const [first = '', status] = shell(folder, run).stdout.split('\n')
    expect([JSON.parse(first).kind, status]).toEqual(['drop', '141'])
    const { q = '', r = '', said } = contents(folder)
    expect(
      q
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).line),
    ).toEqual([1])
    expect(JSON.parse(r)).toMatchObject({ status: 141, interrupted: 'SIGPIPE', inputs: [{ path: 'in' }] })
    expect(said).not.toContain('records')
  })
})
