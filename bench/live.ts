import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { compare, median, table } from './measure.ts'

const PROGRAM =
  'tracepoint:skb:kfree_skb { printf("%llu %d %s %d %s\\n", nsecs, pid, comm, args->reason, ksym(args->location)); }'

/** One event each, as the tool prints it. */
const LINES: readonly (readonly [who: string, words: readonly string[], line: string])[] = [
  [
    'perf text',
    [],
    '            curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET\n',
  ],
  ['bpftrace text', ['-e', PROGRAM], '340799805123 883 curl 3 tcp_v4_rcv\n'],
  ['bpftrace JSON', ['-e', PROGRAM], '{"type": "printf", "data": "340799805123 883 curl 3 tcp_v4_rcv\\n"}\n'],
]

/** From a line written into a pipe to its record. */
export async function firstEvent(): Promise<void> {
  for (const [who, words, line] of LINES) {
    const child = spawn('node', ['dist/tracenorm.cjs', '-q', ...words], { stdio: ['pipe', 'pipe', 'ignore'] })
    const delays: number[] = []
    for (let run = 0; run < 21; run++) {
      const start = process.hrtime.bigint()
      child.stdin.write(line)
      await once(child.stdout, 'data')
      if (run > 0) delays.push(Number(process.hrtime.bigint() - start) / 1e6)
      await setTimeout(20)
    }
    child.stdin.end()
    await once(child, 'exit')
    console.log(
      `${who}: a record leaves ${median(delays)?.toFixed(1)} ms after its line (median of 20; most ${Math.max(...delays).toFixed(1)} ms)`,
    )
  }
  console.log()
}

/** How long a program takes that does nothing. */
export async function startUp(): Promise<void> {
  const figures = await compare(
    [
      { name: 'node -e 0', command: ['node', '-e', '0'] },
      { name: 'tracenorm --version', command: ['node', 'dist/tracenorm.cjs', '--version'] },
      { name: 'tracenorm on an empty file', command: ['node', 'dist/tracenorm.cjs', '-q', '/dev/null'] },
    ],
    11,
  )
  console.log(`start-up\n\n${table(figures, 1, 'node -e 0')}\n`)
}
