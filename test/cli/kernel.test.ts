// `--kernel`: names for numbers, host.kernel, and what a header says beside it.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratchFolder, tracenorm } from './program.ts'

const scratch = scratchFolder()
const DROP =
  'curl 26480 [001]  7814.130106: skb:kfree_skb: skbaddr=0xffff88815c05a0e0 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x91 reason: 0x3\n'
const header = (kernel: string): string =>
  `# ========\n# os release : ${kernel}\n# perf version : 6.1.192\n# ========\n#\n`

async function convert(input: string, ...flags: readonly string[]) {
  const report = scratch.in('report.json')
  const { status, stderr, records } = await tracenorm(['--report', report, ...flags], { input })
  return { status, stderr, records, report: JSON.parse(readFileSync(report, 'utf8')).inputs[0] }
}

describe('host.kernel', () => {
  it.each([
    ['6.1.0-55-amd64', '6.1.0-55-amd64'],
    ['6.12.97', '6.12.97'],
    ['99.1.2', '99.1.2'],
    // No kernel calls itself so.
    ['6.12', undefined],
    ['ubuntu-6.8.0-106..146', undefined],
  ])('with --kernel %s is %s', async (kernel, told) => {
    const { records } = await convert(DROP, '--kernel', kernel)
    expect(records[0]?.host?.kernel).toBe(told)
  })

  it('is what a header says before what the user says', async () => {
    const { records } = await convert(`${header('6.1.0-54-amd64')}${DROP}`, '--kernel', '6.1.0-55-amd64')
    expect(records).toMatchObject([
      { host: { kernel: '6.1.0-54-amd64' }, drop: { decoded_by: 'kernel:debian-12-6.1.192' } },
    ])
  })
})

describe('a header of a kernel whose reasons are others than those of --kernel', () => {
  it('is a conflict; the names are the user’s', async () => {
    const { records, report, stderr, status } = await convert(`${header('6.1.0-55-amd64')}${DROP}`, '--kernel', '6.12')
    const text = 'the capture is of kernel 6.1.0-55-amd64, whose reasons are not those of --kernel 6.12, which are used'
    expect(records).toMatchObject([{ drop: { reason: 'NO_SOCKET', decoded_by: 'kernel:6.12' } }])
    expect(report.conflicts).toEqual([{ text, count: 1 }])
    expect(stderr).toContain(`tracenorm: stdin: ${text}\n`)
    expect(status).toBe(0)
  })

  it.each([
    ['6.12.40', '6.12'],
    ['99.1.2', '6.12'],
    ['6.1.0-55-amd64', '99.1'],
  ])('is none where %s and %s may be one', async (capture, kernel) => {
    const { report } = await convert(`${header(capture)}${DROP}`, '--kernel', kernel)
    expect(report.conflicts).toEqual([])
  })
})

it('a name and a number that do not belong together stay as the source printed them, and are reported', async () => {
  const program = 'tracepoint:skb:kfree_skb { printf("%s %d\\n", args.reason, args.reason) }'
  const input = 'SKB_DROP_REASON_NO_SOCKET 6\n'.repeat(2)
  const { records, report, stderr } = await convert(input, '--kernel', '6.12', '-e', program)
  const record = { drop: { reason: 'NO_SOCKET', code: 6, decoded_by: 'source' }, flags: ['reason_conflict'] }
  expect(records).toMatchObject([record, record])
  expect(report.conflicts).toEqual([{ text: expect.stringContaining('NO_SOCKET'), count: 2 }])
  expect(stderr).toContain(report.conflicts[0].text)
})
