// Samples of the shared recordings: each gives the record that the text path makes of the text that its print format
// prints.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rendered } from '../../../../adapters/perf/data/bound-arguments.ts'
import { openFormats } from '../../../../adapters/perf/data/formats.ts'
import { compilePrintFormat, type PrintPiece } from '../../../../adapters/perf/data/print/print-format.ts'
import { RawData } from '../../../../adapters/perf/data/raw-data.ts'
import { openSymbols } from '../../../../adapters/perf/data/symbols.ts'
import { readTracingData } from '../../../../adapters/perf/data/tracing-data.ts'
import { eventRecord } from '../../../../src/kernel/event-record.ts'
import { NO_REASONS } from '../../../../src/kernel/reasons/reasons.ts'
import { walk } from './walk.ts'

const CORPUS = join(process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')
const RECORDINGS = [
  'perf5.10-devnames',
  'perf6.1-multi-event',
  'perf6.1-reasons-ipv4',
  'perf6.12-sched',
  'perf7.2-syscalls',
  'perf7.2-uprobe',
]
const CONTEXT = { flags: {}, reasons: NO_REASONS, isWholeReason: () => false }

/** Their text has no keys, or only some: arguments have the names of their fields. */
const WITHOUT_KEYS =
  /^(?:fib:fib_table_lookup|icmp:icmp_send|napi:napi_poll|neigh:neigh_create|printk:console|probe_.*|raw_syscalls:.*|syscalls:sys_exit_.*)$/

/** What recordings have and text has not. */
const CODE = /"code":\d+,|"decoded_by":"\w+"/g

interface Compared {
  readonly event: string
  readonly direct: string
  readonly text: string
}

function compared(recording: string): readonly Compared[] {
  const { tracing = Buffer.alloc(0), samples } = walk(readFileSync(join(CORPUS, recording, 'perf.data')))
  const { formats } = openFormats(tracing, CONTEXT, openSymbols(CONTEXT))
  const { data } = readTracingData(tracing)
  const print = { printkTexts: data.printkTexts, symbolOf: () => undefined }
  const compiled = new Map<number, readonly PrintPiece[] | undefined>(
    data.formats.map(({ format: { id, printFormat, fields } }) => [
      id,
      compilePrintFormat(printFormat, fields, 8, print),
    ]),
  )
  const raw = new RawData(8)
  return samples.flatMap((sample) => {
    const id = Number(sample.attribute.config)
    const decoder = formats.decoderOf(id)
    const pieces = compiled.get(id)
    if (decoder === undefined || pieces === undefined) return []
    const { event_name: event, ...direct } = decoder.record(sample).toJSON()
    raw.show(sample)
    const text = eventRecord(decoder.name, rendered(pieces, raw).trimEnd(), 'whole', CONTEXT).toJSON()
    const plain = (record: object): string => JSON.stringify(record).replaceAll(CODE, '')
    return [{ event: String(event), direct: plain(direct), text: plain(text) }]
  })
}

describe.skipIf(!existsSync(CORPUS))('samples of recordings', () => {
  it.each(RECORDINGS)('of %s have the record of their text', (recording) => {
    const all = compared(recording)
    expect(all.length).toBeGreaterThan(0)
    const other = all.filter(({ event, direct, text }) => !WITHOUT_KEYS.test(event) && direct !== text)
    expect(other).toEqual([])
  })

  it('have their fields where the text has no keys', () => {
    const first = (event: string) => compared('perf6.12-sched').find((one) => one.event === event)?.direct
    expect(first('raw_syscalls:sys_exit')).toMatch(/^\{"v":1,"kind":"trace","args":\{"id":"\d+","ret":"-?\d+"\}\}$/)
    expect(compared('perf7.2-syscalls').find(({ event }) => event === 'syscalls:sys_exit_openat')?.direct).toMatch(
      /"args":\{"ret":"0x[0-9a-f]+"\}\}$/,
    )
  })
})
