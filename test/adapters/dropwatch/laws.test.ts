import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type Converted, convertText, type Event } from './convert-text.ts'

/** All that dropwatch can print, and what stands around it. */
const SESSION = [
  'Script started on 2026-11-23 12:05:03+00:00 [COMMAND="dropwatch -l kas" TERM="xterm"]',
  '\x1b[?2004h[root@dwvm ~]# dropwatch -l kas',
  '\x1b[?2004l\rInitializing kallsyms db',
  '\x1b[?2004hdropwatch> start',
  '\x1b[?2004l\rEnabling monitoring...',
  'drop at: nft_do_chain+0x47f/0x5e0 [nf_tables] (0xffffffffc070d54f)',
  'origin: software',
  'input port ifindex: 12',
  'timestamp: Thu Jan  1 05:45:04 2026 293432750 nsec',
  '',
  'protocol: 0x86dd',
  'length: 74',
  'original length: 1474',
  'drop reason: NETFILTER_DROP',
  '',
  'stopdrop at: ingress_flow_action_drop (acl_drops)',
  'origin: hardware',
  'input port ifindex: 7',
  'input port name: eth0',
  'cookie: c0ffee0123456789abcdef',
  'timestamp: Mon Nov 23 12:07:54 2026 459011950 nsec',
  '^Cprotocol: 0x800',
  'Receive operation failed:: No buffer space available',
  'length: 142',
  'original length: 142',
  '',
  '> drop at: ip_rcv_finish_core.constprop.0+0x20e/0x (0xffffffff817b864e)',
  '> origin: software',
  '> timestamp: Tue Nov 24 12:07:54 2026 459011950 nsec',
  '> original length: 60   <-- why?',
  '>',
  '3 drops at __udp4_lib_rcv+9a3 (0xffffffff817f8d03) [software]',
  '2 drops at __init_scratch_end+216eb581 (0xffffffffc06eb581) [software]',
  '2 drops at location 0xffffffff8dd16e90 [software] [ns: 4026532485]',
  '1 drops at location (nil) [software]',
  '8 drops at fid_miss [hardware]',
  '^CGot a stop message',
  'Software statistics:',
  'Tail dropped: 3066',
  'Waiting for deactivation ack...',
  'drop at: vxlan_rcv+0xb1/0xbb0 [vxlan] (0xfffff',
  'fffc079a581)',
  'origin: software',
  'original length: 97',
  'drop reason: NOT_SPECIFIED',
  '',
  'timestamp: garbage',
  'drop at: tcp_v4_rcv+0x81/0xee0 (0xffffffff8dcac491)',
  'origin: softwre',
  'drop reason: NO_SOCKET',
  '',
].join('\n')

const SESSIONS: readonly (readonly [name: string, text: string])[] = [
  ['LF', SESSION],
  ['CRLF', SESSION.replaceAll('\n', '\r\n')],
]

const drops = (events: readonly Event[]): readonly Event[] => events.filter(({ kind }) => kind === 'drop')

/** True when `piece` says nothing that `whole` does not. */
function isPartOf(piece: unknown, whole: unknown): boolean {
  if (typeof piece === 'string' && typeof whole === 'string') return whole === piece || whole.startsWith(`${piece}\n`)
  if (typeof piece !== 'object' || piece === null || typeof whole !== 'object' || whole === null) return piece === whole
  const wholeEntries = new Map(Object.entries(whole))
  return Object.entries(piece).every(([key, value]) => key === 'flags' || isPartOf(value, wholeEntries.get(key)))
}

/** What can be compared: all but where it is from. */
const outcomeOf = ({ events, rejected }: Converted): unknown => [events, rejected]

describe('a session with everything in it', () => {
  it.each(SESSIONS)('of %s lines gives the same in chunks of any size', async (_, text) => {
    const whole = outcomeOf(await convertText(text))
    for (const chunkBytes of [1, 2, 3, 5, 7, 11, 16, 33, 64, 97, 119]) {
      expect(outcomeOf(await convertText(text, { chunkBytes })), `${chunkBytes}`).toEqual(whole)
    }
  })

  it('gives the same with CRLF as with LF', async () => {
    const [lf, crlf] = await Promise.all(SESSIONS.map(([, text]) => convertText(text)))
    expect(crlf?.events).toEqual(lf?.events)
    expect(crlf?.rejected.map(({ line, word }) => [line, word])).toEqual(
      lf?.rejected.map(({ line, word }) => [line, word]),
    )
  })

  it('has all its drops', async () => {
    const { events, rejected, outcome } = await convertText(SESSION)
    expect(drops(events)).toHaveLength(9)
    expect(outcome.dropped).toBe(1 + 1 + 1 + 3 + 2 + 2 + 8 + 1 + 1)
    expect(rejected.map(({ bytes }) => bytes)).toEqual(['origin: softwre\n'])
  })

  it.each(SESSIONS)('of %s lines, cut off at any byte, says nothing that the whole does not', async (_, text) => {
    const whole = drops((await convertText(text)).events)
    for (let end = 0; end < text.length; end++) {
      const cut = drops((await convertText(text.slice(0, end))).events)
      for (const [index, drop] of cut.entries()) {
        const message = `cut at ${end}, behind ${JSON.stringify(text.slice(Math.max(0, end - 30), end))}: ${JSON.stringify(drop)}`
        const isPart = isPartOf(drop, whole[index])
        expect(isPart, message).toBe(true)
        // A block may end behind its original length: before kernel 5.18 it does.
        const hasLengths = drop.skb?.orig_len !== undefined
        const isLast = index === cut.length - 1
        if (!isLast || (!hasLengths && drop.flags?.includes('incomplete') !== true))
          expect(drop, message).toEqual(whole[index])
      }
    }
  })
})

const LINES = SESSION.split('\n')

describe('whatever comes', () => {
  test.prop([
    fc.array(fc.constantFrom(...LINES, 'some other text'), { maxLength: 40 }),
    fc.integer({ min: 1, max: 200 }),
  ])('lines in any order are all accounted for, in chunks of any size', async (lines, chunkBytes) => {
    const text = lines.map((line) => `${line}\n`).join('')
    expect(outcomeOf(await convertText(text, { chunkBytes }))).toEqual(outcomeOf(await convertText(text)))
  })

  test.prop([
    fc.integer({ min: 0, max: SESSION.length - 1 }),
    fc.integer({ min: 0, max: 255 }),
    fc.integer({ min: 0, max: 3 }),
  ])('a damaged byte harms one drop at most, and invents none', async (at, byte, deleted) => {
    const damaged = SESSION.slice(0, at) + String.fromCharCode(byte) + SESSION.slice(at + deleted)
    const { events } = await convertText(damaged)
    const whole = new Set(drops((await convertText(SESSION)).events).map(addressOf))
    const same = drops(events).filter((drop) => whole.has(addressOf(drop)))
    expect(same.length).toBeGreaterThanOrEqual(whole.size - 2)
    expect(drops(events).length).toBeLessThanOrEqual(10)
  })

  test.prop([fc.uint8Array({ maxLength: 300 })])('rubbish is read to its end', async (bytes) => {
    const { outcome } = await convertText(Buffer.from(bytes))
    expect(outcome.ledger.bytesRead).toBe(bytes.length)
  })
})

function addressOf({ location, drop }: Event): string | undefined {
  return location?.address ?? drop?.trap
}
