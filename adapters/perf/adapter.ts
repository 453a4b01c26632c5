import type { Adapter, Verdict } from '../../src/contract.ts'
import { UsageError } from '../../src/errors.ts'
import { detectDataHead, filesOfRecording, needsSeeking } from './data/detect.ts'
import { detectJsonHead, detectJsonLine } from './json/detect.ts'
import { detectScript } from './script/detect.ts'
import { parseFields } from './script/fields.ts'
import { detectTrace } from './trace/detect.ts'

/** Linux perf: what `perf script` and `perf trace` print, and what `perf data convert --to-json` writes. */
export const adapter: Adapter = {
  name: 'perf',
  formats: [
    {
      name: 'script',
      title: 'text of perf script',
      versions: 'perf 5.10, 6.1, 6.12, 7.2',
      example:
        'curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET',
      unit: 'line',
    },
    {
      name: 'json',
      title: 'JSON of perf data convert',
      versions: 'perf 6.1, 6.12, 7.2',
      example: '{"linux-perf-json-version": 1, "headers": {"perf-version": "7.2.13"}, "samples": []}',
      unit: 'document',
    },
    {
      name: 'trace',
      title: 'text of perf trace',
      versions: 'perf 5.10, 6.1, 6.12, 7.2',
      example:
        '     0.000 curl/883 skb:kfree_skb(skbaddr: 0xffff88811f6a7068, location: 0xffffffff82033a51, protocol: 2048, reason: 3)',
      unit: 'line',
    },
    {
      name: 'data',
      title: 'the recording of perf record',
      versions: 'perf 5.10, 6.1, 6.12, 7.2',
      example: 'PERFILE2\x10\0\0\0\0\0\0\0',
      unit: 'binary',
    },
  ],
  changesFormat: true,
  flags: [
    {
      flag: '--perf-fields <list>',
      implies: 'perf',
      help: 'columns of the perf script text, in the words of `perf script -F` (default: inferred from the lines)',
      parse(text) {
        parseFields(text)
        return text
      },
    },
    {
      flag: '--perf-time <kind>',
      help: 'what the time column is: absolute, relative (--reltime) or delta (--deltatime)',
      parse(text) {
        if (text === 'absolute' || text === 'relative' || text === 'delta') return text
        throw new UsageError(`--perf-time ${text}: it is absolute, relative or delta`)
      },
    },
    {
      flag: '--kallsyms <file>',
      help: 'names of kernel addresses in a recording: /proc/kallsyms of its host, plain or gzipped',
      reads: 'text',
      mostBytes: 32 * 2 ** 20,
    },
    {
      flag: '--formats <dir>',
      help: 'formats of tracepoints for a recording that has none: a copy of /sys/kernel/tracing/events, or one format',
      reads: 'files',
      fileName: 'format',
    },
    {
      flag: '--perf-records',
      help: 'of perf.data: MMAP, COMM, FORK and the like as traces, too (default: samples and losses)',
    },
  ],
  detect,
  detectHead: (head) => detectDataHead(head) ?? detectJsonHead(head),
  needsSeeking,
  filesOfRecording,
  async load(format) {
    if (format === 'json') {
      const { jsonReader } = await import('./json/reader.ts')
      return jsonReader
    }
    if (format === 'data') {
      const { dataReader } = await import('./data/reader.ts')
      return dataReader
    }
    if (format === 'trace') {
      const { traceReader } = await import('./trace/reader.ts')
      return traceReader
    }
    const { scriptReader } = await import('./script/reader.ts')
    return scriptReader
  },
}

/** A document by its beginning; of the two texts the surer one. */
function detect(lines: string): Verdict | undefined {
  const json = detectJsonLine(lines)
  if (json !== undefined) return json
  const script = detectScript(lines)
  const trace = detectTrace(lines)
  return (trace?.score ?? 0) > (script?.score ?? 0) ? trace : script
}
