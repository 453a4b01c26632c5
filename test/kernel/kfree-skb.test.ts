import { describe, expect, it } from 'vitest'
import { isContinuation, isUnfinished, readMembers } from '../../src/kernel/kfree-skb.ts'

const membersOf = (text: string): unknown =>
  Object.fromEntries(readMembers(text)?.args.map(({ key, value }) => [key, value]) ?? [])

describe('members of skb:kfree_skb by their names', () => {
  it.each([
    [
      'skbaddr=0xffff888 protocol=2048 location=f+0x1 reason: NO_SOCKET',
      { skbaddr: '0xffff888', protocol: '2048', location: 'f+0x1', reason: 'NO_SOCKET' },
    ],
    [
      'skbaddr=0xffff888 protocol=2048 location=f+0x1 [nf_tables] reason: 0x30001',
      { skbaddr: '0xffff888', protocol: '2048', location: 'f+0x1 [nf_tables]', reason: '0x30001' },
    ],
    [
      'skbaddr=0xffff888 protocol=2048 location=f+0x1 reason:',
      { skbaddr: '0xffff888', protocol: '2048', location: 'f+0x1' },
    ],
    ['skbaddr=0xffff9e25e838e700x protocol=2048', { skbaddr: '0xffff9e25e838e700', protocol: '2048' }],
    ['... location=ip6_fragment reason: PKT_TOO_BIG', { location: 'ip6_fragment', reason: 'PKT_TOO_BIG' }],
    [
      'skbaddr=0xffff888 location=00000000ec3b7129 function=f line=1116',
      { skbaddr: '0xffff888', location: '00000000ec3b7129', function: 'f', line: '1116' },
    ],
    ['skbaddr=0xffff88# ========', {}],
  ])('%s', (text, expected) => {
    expect(membersOf(text)).toEqual(expected)
  })

  it.each([
    ['NO_SOCKET <-- here', '<-- here'],
    ['NO_SOCKET (1)', '(1)'],
    ['NO_SOCKET', ''],
  ])('a value ends where its grammar ends: %s', (reason, rest) => {
    const members = readMembers(`skbaddr=0xffff888 protocol=2048 location=f reason: ${reason}`)
    expect(members?.rest).toBe(rest)
    expect(members?.isReformatted).toBe(rest !== '')
    expect(members?.args.at(-1)).toEqual({ key: 'reason', value: 'NO_SOCKET' })
  })

  it('a column of sixteen digits may touch the reason, where columns follow', () => {
    const text = 'skbaddr=0xffff888 protocol=2048 location=f reason: NO_SOCKETffffffff81e42e50'
    const members = readMembers(text, true)
    expect(members?.args.at(-1)).toEqual({ key: 'reason', value: 'NO_SOCKET' })
    expect(text.slice(members?.end)).toBe('ffffffff81e42e50')
  })
})

it.each([
  ['', true],
  ['skbaddr=0xffff888 rx_sk=(nil)', true],
  ['skbaddr=0xffff888 protocol=2048 location=f', false],
  ['skbaddr=0xffff888 ... reason: X', false],
])('a wrapped payload is due to go on: "%s" %s', (text, due) => {
  expect(isUnfinished(text)).toBe(due)
})

it.each([
  ['reason: NO_SOCKET', true],
  ['protocol=2048 location=f', true],
  ['reason: XDP  3780.787679: skb:kfree_skb: ', false],
  ['reason why', false],
])('a line goes on with it: "%s" %s', (text, does) => {
  expect(isContinuation(text)).toBe(does)
})
