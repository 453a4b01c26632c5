// `--program`: bpftrace's lines are read with it, and everybody else's as ever.
import { writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { scratchFolder, tracenorm } from './program.ts'

const scratch = scratchFolder()
const PERF = `            curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET
            curl   883 [001]   340.799905: skb:kfree_skb: skbaddr=0xffff88811f6a7168 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET
`
const DROPWATCH = `drop at: tcp_v4_rcv+0x157/0x1630 (0xffffffff8abc4f87)
origin: software
input port ifindex: 1
timestamp: Wed Nov 25 07:16:33 2026 044474228 nsec
protocol: 0x800
length: 74
original length: 74
drop reason: NO_SOCKET

`
const BPFTRACE = 'curl: 3\nwget: 3\n'

beforeAll(() => {
  writeFileSync(scratch.in('p.bt'), 'tracepoint:skb:kfree_skb {printf("%s: %d\\n", comm, args->reason)}\n')
  writeFileSync(scratch.in('free.bt'), 'tracepoint:skb:kfree_skb {printf("%s %s\\n", comm, str(args->x))}\n')
  writeFileSync(scratch.in('perf.txt'), PERF)
  writeFileSync(scratch.in('bt.txt'), BPFTRACE)
  writeFileSync(scratch.in('dropwatch.txt'), DROPWATCH)
  writeFileSync(scratch.in('all.txt'), PERF + BPFTRACE + DROPWATCH + BPFTRACE + PERF)
})

async function dropsOf(...words: readonly string[]): Promise<readonly string[]> {
  const { status, records } = await tracenorm(['--kind', 'drop', ...words], { cwd: scratch.in('.') })
  expect(status).toBe(0)
  return records.map(({ capture }) => `${capture.tool} ${capture.path} ${capture.line}`)
}

describe('--program', () => {
  it.each([[[]], [['--from', 'auto']]])('keeps the drops of every tool, and invents none (%j)', async (from) => {
    expect(await dropsOf('--program', 'p.bt', ...from, 'perf.txt', 'bt.txt', 'dropwatch.txt')).toEqual([
      'perf perf.txt 1',
      'perf perf.txt 2',
      'bpftrace bt.txt 1',
      'bpftrace bt.txt 2',
      'dropwatch dropwatch.txt 1',
    ])
  })

  it('does so where the tools stand in one file', async () => {
    expect(await dropsOf('--program', 'p.bt', 'all.txt')).toEqual([
      'perf all.txt 1',
      'perf all.txt 2',
      'bpftrace all.txt 3',
      'bpftrace all.txt 4',
      'dropwatch all.txt 5',
      'bpftrace all.txt 14',
      'bpftrace all.txt 15',
      'perf all.txt 16',
      'perf all.txt 17',
    ])
  })

  it('whose format fits any line leaves the lines of others to them', async () => {
    expect(await dropsOf('--program', 'free.bt', 'perf.txt', 'dropwatch.txt')).toEqual([
      'perf perf.txt 1',
      'perf perf.txt 2',
      'dropwatch dropwatch.txt 1',
    ])
  })

  it('is all there is with --from bpftrace', async () => {
    const { records } = await tracenorm(['--program', 'p.bt', '--from', 'bpftrace', 'perf.txt'], {
      cwd: scratch.in('.'),
    })
    expect(records).toEqual([])
  })

  it('tells of lines that fit several readings, and that nothing else came', async () => {
    const some = await tracenorm(['--program', scratch.in('p.bt')], { input: 'curl: 3\ncurl; 3\n' })
    expect([some.status, some.records.length, some.stderr]).toEqual([
      0,
      1,
      expect.stringContaining('1 with several readings'),
    ])
    const none = await tracenorm(['--program', scratch.in('p.bt')], { input: 'curl; 3\n' })
    expect([none.status, none.records.length]).toEqual([3, 0])
  })
})
