// perf's header, appended to the session of another tool: to dropwatch `# ` is the prompt of a root shell.
import { expect, it } from 'vitest'
import { openConverter } from '../../kit/harness.ts'

const SESSION = `Initializing kallsyms db
dropwatch> start
Enabling monitoring...
Kernel monitoring activated.
Issue Ctrl-C to stop monitoring
1 drops at tcp_v4_rcv+91 (0xffffffff8abc4f87) [software]
^CGot a stop message
dropwatch> exit
Shutting down ...
# ip link show | head -1
`
const DROP =
  'curl 26480 [001]  7814.130106: skb:kfree_skb: skbaddr=0xffff88815c05a0e0 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x91 reason: NO_SOCKET\n'

it.each([
  ['its rule', '# ========\n# captured on    : Mon Nov 23 11:33:42 2026\n# hostname : web-3\n# ========\n#\n'],
  ['its rule with CR', '# ========\r\n# hostname : web-3\r\n# ========\r\n#\r\n'],
  ['the name of the host', '# hostname : web-3\n# arch : x86_64\n'],
  ['the clock', '# clockid: monotonic (1)\n# hostname : web-3\n'],
])('is perf’s from %s on', async (_, header) => {
  const converter = await openConverter(['--kind=all'], '.')
  const { ndjson, outcome } = await converter.convert(Buffer.from(`${SESSION}${header}${DROP}`))
  expect(outcome.readers.map(({ name, line }) => `${name} ${line}`)).toEqual(['dropwatch 1', 'perf 11'])
  const records = ndjson
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
  expect(records.at(-1)).toMatchObject({ kind: 'drop', host: { name: 'web-3' } })
  expect(records.filter(({ message }) => /hostname|=====/.test(message))).toEqual([])
})

it('is not what a root shell shows', async () => {
  const text = `${SESSION}# ===== again\n# hostname\nweb-3\n# hostname -f\n`
  const { outcome } = await (await openConverter(['--kind=all'], '.')).convert(Buffer.from(text))
  expect(outcome.readers.map(({ name }) => name)).toEqual(['dropwatch'])
})
