import { describe, expect, it } from 'vitest'
import { ArgKeys, argsOf } from '../../src/kernel/args.ts'

function argOf(event: string, ...members: readonly (readonly [string, string])[]): unknown {
  const { part } = argsOf(
    event,
    members.map(([key, value]) => ({ key, value })),
  )
  expect(part.notes?.fault).toBeUndefined()
  return JSON.parse(`{${Buffer.from(part.text, 'latin1').toString().slice(1)}}`).args
}

describe('names of arguments', () => {
  it('differ in more than case', () => {
    expect(argOf('foo:bar', ['x', '1'], ['X', '2'], ['flags', '3'], ['FLAGS', '4'], ['x', '5'])).toEqual({
      x: 1,
      X_2: 2,
      flags: '3',
      FLAGS_2: '4',
      x_3: 5,
    })
  })

  it('may be those that every object has', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'argOf']
    const args = argOf('foo:bar', ...names.map((name) => [name, '5'] as const))
    expect(Object.entries(args ?? {})).toEqual(names.map((name) => [name, 5]))
  })

  it('that are no keys as they are make the payload stay, and so do too many', () => {
    const of = (...keys: readonly string[]): boolean =>
      argsOf(
        'foo:bar',
        keys.map((key) => ({ key, value: '1' })),
      ).isWhole
    expect([of('a'), of('a.b'), of('a', 'A'), of('x'.repeat(65)), of(...Array(257).fill('a'))]).toEqual([
      true,
      false,
      true,
      false,
      false,
    ])
  })

  it('are unique however many repeat', () => {
    const keys = new ArgKeys()
    const all = Array.from({ length: 256 }, () => keys.free('k'.repeat(64)))
    expect(new Set(all).size).toBe(256)
    expect(all.every((key) => key.length <= 64)).toBe(true)
  })
})

describe('an argument has one type in all lines of its event', () => {
  it.each([
    ['task:task_newtask', 'clone_flags', '4100', '3d0f00'],
    ['tcp:tcp_destroy_sock', 'sock_cookie', '1009', '100a'],
    ['tcp:tcp_probe', 'sock_cookie', '1009', '100a'],
    ['tcp:tcp_probe', 'mark', '0', '0x1'],
    ['tcp:tcp_rcv_space_adjust', 'sock_cookie', '9', 'a'],
    ['signal:signal_deliver', 'sa_handler', '0', '55af5e759ce0'],
    ['signal:signal_deliver', 'sa_flags', '4000000', '1000000f'],
    ['net:net_dev_start_xmit', 'gso_type', '0', '0x1'],
    ['sched:sched_wakeup', 'target_cpu', '002', '100'],
    ['regmap:regmap_reg_read', 'val', '10', 'a0'],
    ['foo:bar', 'flags', '10', 'a0'],
    ['foo:bar', 'xflags', '10', 'a0'],
    ['foo:bar', 'net_cookie', '10', 'a0'],
    ['foo:bar', 'saddr', '10', 'a0'],
  ])('%s: %s is text', (event, key, ...values) => {
    for (const value of values) expect(argOf(event, [key, value])).toEqual({ [key]: value })
  })

  it.each([
    ['net:net_dev_start_xmit', 'tx_flags'],
    ['foo:bar', 'len'],
    ['foo:bar', 'pid'],
    ['sched:sched_switch', 'prev_prio'],
  ])('%s: %s is a number', (event, key) => {
    expect(argOf(event, [key, '4100'])).toEqual({ [key]: 4100 })
  })
})
