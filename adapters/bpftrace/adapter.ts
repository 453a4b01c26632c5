import type { Adapter } from '../../src/contract.ts'
import { UsageError } from '../../src/errors.ts'
import { latin1 } from '../../src/text/utf8.ts'
import { detectBpftrace } from './detect.ts'

/** bpftrace: what its program prints, read with the help of the program. */
export const adapter: Adapter = {
  name: 'bpftrace',
  formats: [
    {
      name: 'text',
      title: 'what a program prints: lines, maps, histograms',
      versions: 'bpftrace 0.11, 0.17, 0.23, 0.27',
      example: 'Attaching 1 probe...\ncurl: 3',
      unit: 'line',
    },
    {
      name: 'json',
      title: 'bpftrace -f json: one object a line',
      versions: 'bpftrace 0.11, 0.17, 0.23, 0.27',
      example: '{"type": "printf", "data": "curl: 3\\n"}',
      unit: 'line',
    },
  ],
  flags: [
    {
      flag: '--program <file>',
      help: 'the program that printed this; auto: the one .bt file beside each capture',
      gives: 'program',
      implies: 'bpftrace',
      reads: 'text',
      auto: '.bt',
    },
    { flag: '-e <program>', help: 'the program itself', gives: 'program', implies: 'bpftrace', parse: latin1 },
    {
      flag: '--bpftrace-version <version>',
      help: 'which clock nsecs is: monotonic up to 0.11, boottime from 0.12 on; without it, a snapshot says, or it is unknown',
      parse(text) {
        if (!/^v?[0-9]+\.[0-9]+(?:\.[0-9]+)?$/.test(text))
          throw new UsageError(`no version of bpftrace: ${text}`, 'for example 0.23.2')
        return text
      },
    },
    {
      flag: '--printf <format>',
      implies: 'bpftrace',
      help: 'without the program: the format of its one printf, as written between the quotes; its records are traces',
    },
    { flag: '--names <list>', help: 'what the arguments of --printf are: comm,pid,args.reason' },
  ],
  detect: detectBpftrace,
  async load() {
    const { BpftraceReader } = await import('./reader.ts')
    return (context) => new BpftraceReader(context)
  },
}
