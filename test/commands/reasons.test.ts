import { describe, expect, it } from 'vitest'
import { reasonsCommand } from '../../src/commands/reasons.ts'
import { UsageError } from '../../src/errors.ts'

async function run(...words: readonly string[]): Promise<string> {
  let answer = ''
  await reasonsCommand((text) => {
    answer += text
  }).parseAsync(words, { from: 'user' })
  return answer
}

describe('tracenorm reasons', () => {
  it('list names the kernels that are known', async () => {
    const text = await run('list')
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(80)
    expect(text).toMatch(/^almalinux-8\.3 +none /m)
    expect(JSON.parse(await run('list', '--json'))).toHaveLength(80)
  })

  it('list --kernel --json prints one object of number to name, subsystems included', async () => {
    const names = JSON.parse(await run('list', '--kernel', '6.12', '--json'))
    expect(names).toMatchObject({
      0: 'NOT_DROPPED_YET',
      3: 'NO_SOCKET',
      8: 'NETFILTER_DROP',
      65537: 'RX_DROP_U_MIC_FAIL',
      196611: 'OVS_DROP_EXPLICIT',
    })
    expect(Object.keys(names)).toHaveLength(90 + 47 + 4 + 11)
  })

  it('list --kernel says which table it is, how sure, and that a kernel may have none', async () => {
    expect(await run('list', '--kernel', '6.12')).toMatch(
      /^table 6\.12 \(series: .*6\.12\.46.*\)\n +0 {2}NOT_DROPPED_YET\n/,
    )
    expect(await run('list', '--kernel', '5.10')).toContain('this kernel has no drop reasons')
    expect(await run('list', '--kernel', '5.10', '--json')).toBe('{}\n')
  })

  it('show explains a name and gives its numbers', async () => {
    const text = await run('show', 'netfilter_drop')
    for (const part of [
      'NETFILTER_DROP  (core)',
      'check first  Read the rule counters',
      'since 5.18',
      '8 in 6.2 to 6.13',
      '11 in 6.12.97',
    ])
      expect(text).toContain(part)
    expect(await run('show', 'CAKE_FLOOD')).toContain('since 6.14, until 7.0')
    expect(JSON.parse(await run('show', 'NO_SOCKET', '--json'))).toMatchObject({ name: 'NO_SOCKET', since: '5.17' })
  })

  it('decode names a number by the kernel', async () => {
    expect(await run('decode', '3', '--kernel', '6.1')).toContain('3  PKT_TOO_SMALL  (core)')
    expect(await run('decode', '3', '--kernel', '6.2')).toContain('3  NO_SOCKET  (core)')
    expect(await run('decode', '0x20001', '--kernel', '7.2')).toContain('OVS_DROP_LAST_ACTION  (openvswitch)')
    expect(JSON.parse(await run('decode', '3', '3000', '--kernel', '6.1', '--json'))).toMatchObject([
      { code: 3, name: 'PKT_TOO_SMALL', subsystem: 'core', table: '6.1', sure: 'series' },
      { code: 3000, candidates: [] },
    ])
  })

  it('decode without a kernel gives all that it can be, and no name', async () => {
    expect(await run('decode', '3')).toMatch(/^3 {2}depends on the kernel:\n {2}NO_SOCKET {2}in 6\.2 to 7\.3, /)
    expect(JSON.parse(await run('decode', '3', '--json'))[0]).not.toHaveProperty('name')
  })

  it('compare tells what is new, gone and moved', async () => {
    const text = await run('compare', '6.1', '6.12')
    expect(text).toContain('to   table 6.12 (series')
    expect(text).toMatch(/^added \d+:\n +1 {2}CONSUMED$/m)
    expect(text).toMatch(/^ +2 → 3 +NO_SOCKET$/m)
    expect(JSON.parse(await run('compare', '6.4', '6.5', '--json'))).toMatchObject({
      from: { table: '6.4' },
      to: { table: '6.5' },
      added: [],
      removed: [],
      moved: [],
    })
  })

  it.each([
    [['list', '--kernel', '6.99'], 'no table for 6.99', 'nearest 6.19, 7.0'],
    [['decode', '3', '--kernel', '6.8.0-103-generic'], 'the lists before and after it differ', 'ubuntu-6.8.0-106..146'],
    [['show', 'NETFILTR_DROP'], 'no drop reason "NETFILTR_DROP"', 'near: NETFILTER_DROP'],
    [['show', '3'], '"3" is a number', 'tracenorm reasons decode 3'],
    [['decode', 'NO_SOCKET'], 'not the number', 'tracenorm reasons show NO_SOCKET'],
    [['decode', '-3'], 'not the number', 'hexadecimal with 0x'],
    [['decode', '1.5'], 'not the number', 'hexadecimal with 0x'],
    [['compare', '6.1', 'rubbish'], 'no kernel release', 'tracenorm reasons list'],
  ] as const)('%j is an error that helps', async (words, message, hint) => {
    const error = await run(...words).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) })
  })
})
