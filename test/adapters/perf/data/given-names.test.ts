// `--kallsyms FILE`, a snapshot with kallsyms and `--formats DIR`, by the program, on a recording of perf 6.1.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { root, scratchFolder, tracenorm } from '../../../cli/program.ts'
import { schemaOf } from '../../../schemas/violations.ts'
import { walk } from './walk.ts'

const scratch = scratchFolder()
const RECORDING = join(root, 'fixtures/perf/data/pipe/input.data')
/** Of the place that the first drop of the recording is at. It does not say how long the kernel's text is. */
const KALLSYMS = 'ffffffff81000000 T _text\nffffffff820339c0 T tcp_v4_rcv\nffffffff82034000 T after_it\n'
const PLACE = { symbol: 'tcp_v4_rcv', offset: 0x91, address: '0xffffffff82033a51' }
const [SNAPSHOT = {}] = schemaOf<{ readonly examples?: readonly object[] }>('snapshot').examples ?? []

function snapshotOf(kernel: string): string {
  const kallsyms = { holds: 'network', gzip_base64: gzipSync(KALLSYMS).toString('base64') }
  return JSON.stringify({ ...SNAPSHOT, host: { kernel }, kallsyms })
}

beforeAll(() => {
  writeFileSync(scratch.in('kallsyms'), KALLSYMS)
  writeFileSync(scratch.in('kallsyms.gz'), gzipSync(KALLSYMS))
  writeFileSync(
    scratch.in('moved'),
    KALLSYMS.replaceAll('ffffffff82', 'ffffffff92').replace('ffffffff81', 'ffffffff91'),
  )
  writeFileSync(scratch.in('own.json'), snapshotOf('6.18.44-fc-v657'))
  writeFileSync(scratch.in('other.json'), snapshotOf('6.1.0'))
})

async function firstDrop(flags: readonly string[], input = RECORDING) {
  const { stdout, stderr, status } = await tracenorm(['convert', ...flags, input])
  const [line = '{}'] = stdout.toString().split('\n', 1)
  const record: { readonly [key: string]: unknown } = JSON.parse(line === '' ? '{}' : line)
  return { record, stderr: stderr.toString(), status }
}

describe('a recording', () => {
  it.each([
    ['--kallsyms', 'kallsyms', PLACE],
    ['--kallsyms', 'kallsyms.gz', PLACE],
    ['--snapshot', 'own.json', PLACE],
    ['--snapshot', 'other.json', { address: PLACE.address }],
    ['--kallsyms', 'moved', { address: PLACE.address }],
  ])('with %s %s', async (flag, file, location) => {
    const { record, status } = await firstDrop([flag, scratch.in(file)])
    expect(record.location).toEqual(location)
    expect(status).toBe(0)
  })

  it('says why a kallsyms file is not used', async () => {
    expect((await firstDrop(['--kallsyms', scratch.in('moved')])).stderr).toContain('--kallsyms is not used: ')
  })
})

describe('a recording that lost its formats', () => {
  it('has them from --formats', async () => {
    const bytes = readFileSync(RECORDING)
    const { tracing = Buffer.alloc(0) } = walk(bytes)
    const text = Buffer.from(tracing).toString('latin1')
    const start = text.indexOf('name: kfree_skb')
    const folder = scratch.in('events/skb/kfree_skb')
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, 'format'),
      text.slice(start, text.indexOf('\n', text.indexOf('print fmt', start)) + 1),
      'latin1',
    )
    // The magic of the tracing data: with another one, perf's formats are not read.
    const damaged = Buffer.from(bytes)
    damaged[bytes.indexOf('\x17\x08\x44tracing', 0, 'latin1')] = 0
    writeFileSync(scratch.in('damaged.data'), damaged)
    const without = await firstDrop([], scratch.in('damaged.data'))
    expect(without.record).toMatchObject({ kind: 'trace', flags: ['incomplete'] })
    expect(without.stderr).toContain('give --formats')
    const { record } = await firstDrop(['--formats', scratch.in('events')], scratch.in('damaged.data'))
    expect(record).toMatchObject({ kind: 'drop', drop: { reason: 'NO_SOCKET', code: 3, decoded_by: 'format' } })
  })
})
