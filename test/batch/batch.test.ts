// `tracenorm batch`, in this process: one thread.
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { validateManifest } from '../../src/event/generated/validate-manifest.ts'
import { validateReport } from '../../src/event/generated/validate-report.ts'
import { type Run, recordsIn, scratchFolder, tracenorm } from '../cli/program.ts'
import { drops, entriesIn, filesBelow, hashOfTree, plant } from './trees.ts'

const scratch = scratchFolder()
const PROGRAM = 'tracepoint:skb:kfree_skb { printf("%s %d\\n", comm, args->reason); }\n'
const FOREIGN = 'nothing that a tool prints\n'

async function batch(words: readonly string[], cwd = scratch.path): Promise<Run> {
  return tracenorm(['batch', ...words], { cwd })
}

/** A folder of this test's own, which is the working directory of its runs. */
function place(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  return plant(scratch.in(name), files)
}

describe('a tree of captures', () => {
  it('becomes a tree of results with the records that convert makes', async () => {
    const cwd = place('mirror', { 'in/a/perf.txt': drops(1, 3), 'in/b.txt': drops(9, 2), 'in/readme.txt': FOREIGN })
    const { status, stdout } = await batch(['in', '--out', 'out'], cwd)
    expect(status).toBe(0)
    expect(filesBelow(`${cwd}/out`)).toEqual(['in/a/perf.txt.ndjson', 'in/b.txt.ndjson', 'manifest.ndjson'])
    const alone = await tracenorm(['in/a/perf.txt', '-q'], { cwd })
    expect(readFileSync(`${cwd}/out/in/a/perf.txt.ndjson`)).toEqual(alone.stdout)
    expect(stdout.toString()).toMatch(/captures +2\nevents +5\npackets dropped +5\n[\s\S]*not recognised +1\n/)
  })

  it('is not written into the folder that is read', async () => {
    const cwd = place('into-itself', { 'in/perf.txt': drops(1, 3) })
    const { status, stderr } = await batch(['in', '--out', './in/'], cwd)
    expect([status, stderr]).toEqual([2, expect.stringContaining('in would be read and written to')])
    expect(filesBelow(`${cwd}/in`)).toEqual(['perf.txt'])
  })

  it('is described by a manifest of its schema, and by a report', async () => {
    const cwd = place('described', { 'in/perf.txt': drops(1, 3), 'in/readme.txt': FOREIGN })
    await batch(['in', '--out', 'out', '--report', 'report.json'], cwd)
    for (const line of readFileSync(`${cwd}/out/manifest.ndjson`, 'utf8').trimEnd().split('\n'))
      expect(validateManifest(JSON.parse(line)), JSON.stringify(validateManifest.errors)).toBe(true)
    expect(entriesIn(`${cwd}/out`).map(({ status }) => status)).toEqual(['done', 'not-recognised'])
    const report = JSON.parse(readFileSync(`${cwd}/report.json`, 'utf8'))
    expect(validateReport(report)).toBe(true)
    expect([report.status, report.inputs.length, report.totals.records.written]).toEqual([0, 2, 3])
  })

  it('has results of any form, each packed, and all in one file in the order of paths', async () => {
    const cwd = place('forms', { 'in/b.txt': drops(1, 2), 'in/a.txt': drops(5, 2) })
    await batch(['in', '--out', 'out', '--to', 'csv', '--compress', 'gzip', '--merge-output', 'all.csv'], cwd)
    const a = gunzipSync(readFileSync(`${cwd}/out/in/a.txt.csv.gz`)).toString()
    const b = gunzipSync(readFileSync(`${cwd}/out/in/b.txt.csv.gz`)).toString()
    expect(readFileSync(`${cwd}/all.csv`, 'utf8')).toBe(a + b.slice(b.indexOf('\n') + 1))
  })

  it('has whole results also after files that are none', async () => {
    const cwd = place('none-before', { 'in/a.txt': FOREIGN, 'in/b.txt': drops(1, 2), 'in/c.txt': FOREIGN })
    execFileSync('tar', ['cf', 'all.tar', 'in'], { cwd })
    await batch(['all.tar', '--out', 'out', '--to', 'csv', '--compress', 'gzip', '--jobs', '1'], cwd)
    const bytes = readFileSync(`${cwd}/out/all.tar/in/b.txt.csv.gz`)
    expect(gunzipSync(bytes).toString().trimEnd().split('\n')).toHaveLength(3)
    expect(entriesIn(`${cwd}/out`).find(({ path }) => path === 'all.tar!in/b.txt')?.output_size).toBe(bytes.length)
  })

  it('counts within one capture what counts', async () => {
    const cwd = place('limit', { 'in/a.txt': drops(1, 5), 'in/b.txt': drops(1, 5) })
    await batch(['in', '--out', 'out', '--limit', '2'], cwd)
    for (const name of ['a', 'b']) expect(recordsIn(readFileSync(`${cwd}/out/in/${name}.txt.ndjson`))).toHaveLength(2)
  })

  it('keeps rejected bytes by capture, and names the worst', async () => {
    const cwd = place('rejects', { 'in/bad.txt': drops(1, 2).replace('[001]', '[001'), 'in/good.txt': drops(1, 2) })
    const { status, stdout } = await batch(['in', '--out', 'out', '--quarantine', 'bad'], cwd)
    expect(status).toBe(3)
    expect(filesBelow(`${cwd}/bad`)).toEqual(['in/bad.txt.ndjson'])
    expect(stdout.toString()).toContain('1 rejected       in/bad.txt')
  })
})

describe('inputs', () => {
  it('are files, folders, globs and lists, each file once', async () => {
    const cwd = place('inputs', { 'a/1.txt': drops(1, 1), 'b/2.txt': drops(2, 1), 'c.txt': drops(3, 1) })
    writeFileSync(`${cwd}/list`, 'c.txt\na/1.txt\n')
    const { status } = await batch(['a', 'b/*.txt', './c.txt', '--files-from', 'list', '--out', 'out'], cwd)
    expect(status).toBe(0)
    expect(entriesIn(`${cwd}/out`).map(({ path }) => path)).toEqual(['./c.txt', 'a/1.txt', 'b/2.txt'])
  })

  it('are no links, and nothing that the run writes', async () => {
    const cwd = place('links', { 'in/a.txt': drops(1, 1) })
    symlinkSync('a.txt', `${cwd}/in/link.txt`)
    const words = ['in', '--out', 'in/out']
    const first = await batch(words, cwd)
    expect(first.stderr).toContain('in/link.txt: left out: a symbolic link')
    await batch(words, cwd)
    expect(filesBelow(`${cwd}/in/out`)).toEqual(['in/a.txt.ndjson', 'manifest.ndjson'])
  })

  it('that are not there are said, and nothing is done', async () => {
    const { status, stderr } = await batch(['nowhere', '--out', 'nothing'])
    expect([status, stderr.split('\n').length]).toEqual([1, 2])
  })

  it('that are not readable fail alone', async () => {
    const cwd = place('damaged', { 'in/a.txt': drops(1, 1), 'in/b.gz': Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]) })
    const { status, stderr } = await batch(['in', '--out', 'out'], cwd)
    expect(status).toBe(1)
    expect(stderr).toContain('in/b.gz')
    expect(filesBelow(`${cwd}/out`)).toEqual(['in/a.txt.ndjson', 'manifest.ndjson'])
  })
})

describe('names of results', () => {
  it('are told apart where they would be one', async () => {
    const cwd = place('names', { 'in/x': drops(1, 1), 'in/x.ndjson/y': drops(2, 1), manifest: drops(3, 1) })
    expect((await batch(['in', 'manifest', '--out', 'out'], cwd)).status).toBe(0)
    const names = ['in/x.ndjson/y.ndjson', 'in/x~2.ndjson', 'manifest.ndjson', 'manifest~2.ndjson']
    expect(filesBelow(`${cwd}/out`)).toEqual(names)
  })

  it('stay within the folder of results, and are cut where they are too long', async () => {
    const long = `${'n'.repeat(250)}.txt`
    const cwd = place('long', { [`in/${long}`]: drops(1, 1), 'here/note': '' })
    expect((await batch(['../in', '--out', 'out'], `${cwd}/here`)).status).toBe(0)
    const [name = ''] = filesBelow(`${cwd}/here/out`)
    expect(name).toMatch(/^__\/in\/n{100,}~[0-9a-f]{16}\.ndjson$/)
  })
})

describe('archives', () => {
  it('are converted member by member, with the side files in them', async () => {
    const cwd = place('archives', {
      'in/host/deep/bt.txt': 'Attaching 1 probe...\ncurl 3\n',
      'in/host/drops.bt': PROGRAM,
      'in/perf.txt': drops(1, 2),
      'in/notes.md': FOREIGN,
    })
    mkdirSync(`${cwd}/tree`)
    // The program comes after its capture.
    const names = ['host/deep/bt.txt', 'perf.txt', 'notes.md', 'host/drops.bt']
    execFileSync('tar', ['-czf', '../tree/all.tar.gz', ...names], { cwd: `${cwd}/in` })
    expect((await batch(['tree', '--out', 'out'], cwd)).status).toBe(0)
    const [archive, ...members] = entriesIn(`${cwd}/out`)
    expect(archive).toMatchObject({ status: 'archive', members: { captures: 2, not_recognised: 1 } })
    expect(members.map(({ output, side_inputs: side }) => [output, side.map(({ path }) => path)])).toEqual([
      ['tree/all.tar.gz/host/deep/bt.txt.ndjson', ['tree/all.tar.gz!host/drops.bt']],
      ['tree/all.tar.gz/perf.txt.ndjson', []],
    ])
    const [record] = recordsIn(readFileSync(`${cwd}/out/tree/all.tar.gz/host/deep/bt.txt.ndjson`))
    expect(record).toMatchObject({ kind: 'drop', process: { comm: 'curl' } })
  })
})

describe('side files', () => {
  it('are taken from the nearest folder up to the input, and named', async () => {
    const capture = 'Attaching 1 probe...\ncurl 3\n'
    const cwd = place('sides', { 'above.bt': PROGRAM, 'in/a/b/bt.txt': capture, 'in/c/bt.txt': capture })
    plant(cwd, { 'in/a/drops.bt': PROGRAM })
    await batch(['in', '--out', 'out'], cwd)
    expect(entriesIn(`${cwd}/out`).map(({ side_inputs: side }) => side.map(({ path }) => path))).toEqual([
      ['in/a/drops.bt'],
      [],
    ])
  })

  it('that are two are none, and that is said', async () => {
    const cwd = place('two', { 'in/a.bt': PROGRAM, 'in/b.bt': PROGRAM, 'in/bt.txt': 'Attaching 1 probe...\ncurl 3\n' })
    const { stderr } = await batch(['in', '--out', 'out'], cwd)
    expect(stderr).toContain('in/a.bt and in/b.bt could both be the program: none is used')
    expect(entriesIn(`${cwd}/out`)[0]?.side_inputs).toEqual([])
  })

  it('that are no programs are not used, and stop nothing', async () => {
    const cwd = place('no-program', {
      'in/a/notes.bt': 'curl: 3\n',
      'in/a/perf.txt': drops(1, 3),
      'in/b.txt': drops(5, 2),
    })
    const { status } = await batch(['in', '--out', 'out', '--report', 'report.json'], cwd)
    expect([status, entriesIn(`${cwd}/out`).map((entry) => entry.status)]).toEqual([0, ['done', 'done']])
    const { inputs } = JSON.parse(readFileSync(`${cwd}/report.json`, 'utf8'))
    expect(inputs[0].hints).toContainEqual(
      expect.stringMatching(/^in\/a\/notes\.bt is not used as the program: .*line 2/),
    )
    const alone = await tracenorm(['in/a/perf.txt', '--side-files'], { cwd })
    expect([alone.status, alone.records.length]).toEqual([0, 3])
  })

  it('do not make captures of text that nobody knows', async () => {
    const cwd = place('nobody', { 'in/a.bt': PROGRAM, 'in/notes.txt': FOREIGN })
    await batch(['in', '--out', 'out'], cwd)
    expect(entriesIn(`${cwd}/out`).map(({ status }) => status)).toEqual(['not-recognised'])
  })
})

describe('a second run', () => {
  const words = ['in', '--out', 'out']

  async function first(name: string): Promise<string> {
    const cwd = place(name, { 'in/a.txt': drops(1, 2), 'in/b.txt': drops(5, 2) })
    await batch(words, cwd)
    return cwd
  }

  const wouldDo = async (cwd: string, more: readonly string[] = []): Promise<string> =>
    (await batch([...words, '--dry-run', ...more], cwd)).stdout.toString()

  it('does nothing where nothing changed', async () => {
    const cwd = await first('again')
    expect(await wouldDo(cwd)).toBe('keep in/a.txt\nkeep in/b.txt\n')
    const before = readFileSync(`${cwd}/out/manifest.ndjson`)
    const { stdout } = await batch(words, cwd)
    expect(stdout.toString()).toContain('2 files were converted before')
    expect(readFileSync(`${cwd}/out/manifest.ndjson`)).toEqual(before)
  })

  it.each([
    ['bytes', (cwd: string) => writeFileSync(`${cwd}/in/a.txt`, drops(2, 2)), 'in/a.txt: changed'],
    ['length', (cwd: string) => appendFileSync(`${cwd}/in/a.txt`, drops(3, 1)), 'in/a.txt: changed'],
    ['missing result', (cwd: string) => rmSync(`${cwd}/out/in/a.txt.ndjson`), 'in/a.txt: its result is missing'],
    ['side file', (cwd: string) => writeFileSync(`${cwd}/in/x.bt`, PROGRAM), 'in/a.txt: other side files'],
  ])('converts again by another %s', async (name, change, line) => {
    const cwd = await first(`again-${name}`)
    change(cwd)
    expect(await wouldDo(cwd)).toContain(`convert ${line}\n`)
    await batch(words, cwd)
    const fresh = scratch.in(`fresh-${name}`)
    await batch(['in', '--out', fresh], cwd)
    expect(hashOfTree(`${cwd}/out`)).toBe(hashOfTree(fresh))
  })

  it('removes results that other options do not make', async () => {
    const cwd = await first('options')
    expect(await wouldDo(cwd, ['--to', 'csv'])).toContain('convert in/a.txt: other options')
    await batch([...words, '--to', 'csv'], cwd)
    expect(filesBelow(`${cwd}/out`)).toEqual(['in/a.txt.csv', 'in/b.txt.csv', 'manifest.ndjson'])
  })

  it('goes on after a torn line, and removes what is half written', async () => {
    const cwd = await first('torn')
    const whole = hashOfTree(`${cwd}/out`)
    const manifest = readFileSync(`${cwd}/out/manifest.ndjson`)
    writeFileSync(`${cwd}/out/manifest.ndjson`, manifest.subarray(0, manifest.length - 20))
    writeFileSync(`${cwd}/out/in/b.txt.ndjson.partial-0123456789abcdef`, 'half')
    await batch(words, cwd)
    expect(hashOfTree(`${cwd}/out`)).toBe(whole)
  })

  it('converts again what failed only when it is told to', async () => {
    const cwd = place('failed', { 'in/b.gz': Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]) })
    await batch(words, cwd)
    expect(await wouldDo(cwd)).toBe('keep in/b.gz\n')
    expect(await wouldDo(cwd, ['--retry-failed'])).toBe('convert in/b.gz: failed before\n')
  })
})

describe('convert --side-files', () => {
  it('uses the program beside each capture, and names it in the report', async () => {
    const cwd = place('convert', { 'a/bt.txt': 'Attaching 1 probe...\ncurl 3\n', 'a/drops.bt': PROGRAM })
    const words = ['a/bt.txt', '--report', 'report.json']
    expect((await tracenorm(words, { cwd })).records).toEqual([])
    const { records, status } = await tracenorm([...words, '--side-files'], { cwd })
    expect([status, records.map(({ kind }) => kind)]).toEqual([0, ['drop']])
    const { inputs } = JSON.parse(readFileSync(`${cwd}/report.json`, 'utf8'))
    expect(inputs[0].hints).toEqual(['a/drops.bt is used as --program'])
  })

  it('uses those in an archive, also after the capture, and converts none of them', async () => {
    const cwd = place('convert-archive', { 'in/bt.txt': 'Attaching 1 probe...\ncurl 3\n', 'in/drops.bt': PROGRAM })
    execFileSync('tar', ['-cf', 'all.tar', 'in/bt.txt', 'in/drops.bt'], { cwd })
    const { records } = await tracenorm(['all.tar', '--side-files'], { cwd })
    expect(records.map(({ kind, capture }) => [kind, capture.path])).toEqual([['drop', 'all.tar!in/bt.txt']])
  })

  it('is refused on stdin', async () => {
    expect((await tracenorm(['--side-files'], { input: '' })).status).toBe(2)
  })
})
