import type { Adapter } from '../../src/contract.ts'
import { detectTrace } from './text/detect.ts'
import type { TraceForm } from './text/form.ts'

/** The kernel's own trace text, and what `trace-cmd report` prints. */
export const adapter: Adapter = {
  name: 'ftrace',
  formats: [
    {
      name: 'trace',
      title: 'the file trace of tracefs, with its header',
      versions: 'Linux 5.10, 6.1, 6.12, 6.18, 7.2',
      example: '# tracer: nop',
      unit: 'line',
    },
    {
      name: 'trace_pipe',
      title: 'the file trace_pipe of tracefs',
      versions: 'Linux 5.10, 6.1, 6.12, 6.18, 7.2',
      example:
        '            curl-19400   [001] ..s1.   907.932179: kfree_skb: skbaddr=000000006e9d80af rx_sk=0000000000000000 protocol=2048 location=tcp_v4_rcv+0x91/0x13f0 reason: NO_SOCKET',
      unit: 'line',
    },
    {
      name: 'trace-cmd',
      title: 'text of trace-cmd report',
      versions: 'trace-cmd 3.1.6, 3.4.0',
      example:
        '           <...>-2998  [000] ..s1.  5986.369296: kfree_skb:            skbaddr=0xffff8881117308e0 rx_sk=(nil) protocol=34525 location=tcp_v6_rcv+0x34f reason: NO_SOCKET',
      unit: 'line',
    },
  ],
  flags: [],
  detect: detectTrace,
  async load(format) {
    const { traceReader } = await import('./text/reader.ts')
    return (context) => traceReader(formOf(format), context)
  },
}

function formOf(format: string): TraceForm {
  return format === 'trace' || format === 'trace-cmd' ? format : 'trace_pipe'
}
