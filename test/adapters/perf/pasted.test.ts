// Text as people post it: marks before lines, pieces that were lost, broken or left out. The kinds were found in public
// posts; the lines are invented.
import { describe, expect, it } from 'vitest'
import { type Event, read } from './reading.ts'

const PAYLOAD = 'skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET'
const HEAD = 'curl   883 [001]   340.799805: skb:kfree_skb:'
const PADDED = `            ${HEAD}`
const FRAMES = ['ffffffff81e42e50 f+0x30 ([kernel.kallsyms])', 'ffffffff81e42f60 g+0x4 ([kernel.kallsyms])']
const names = ({ stack }: Event): readonly (string | undefined)[] | undefined => stack?.map(({ symbol }) => symbol)

describe('a mark before a head is no part of the name of a thread', () => {
  it.each([
    ['a quote', '| ', ''],
    ['a quote of mail', '> ', ''],
    ['an item of a list', '* ', ''],
    ['a line that a patch adds', '+ ', ''],
    ['a line number', '12: ', ''],
    ['a line number of grep and nl', '    12  ', ''],
    ['code within a sentence', '`', '`'],
  ])('%s', async (_name, before, behind) => {
    for (const next of ['', '\n', 'text\n']) {
      const { events } = await read(`${before}${HEAD} ${PAYLOAD}${behind}\n${next}`)
      expect(events[0]).toMatchObject({ kind: 'drop', process: { comm: 'curl', tid: 883 }, flags: ['reformatted'] })
    }
  })

  it('but a name may begin so where frames show perf’s own layout', async () => {
    const { events } = await read(`> ${HEAD} ${PAYLOAD}\n\t${FRAMES[0]}\n\n`)
    expect(events).toMatchObject([{ process: { comm: '> curl' } }])
  })
})

describe('a squeezed head', () => {
  it('that fills the column of a name by chance is no name', async () => {
    for (const event of ['foo:bar: x=1', `skb:kfree_skb: ${PAYLOAD}`]) {
      const { events } = await read(`   a   1 [000]     1.000000: ${event}\n`)
      expect(events).toMatchObject([{ process: { comm: 'a', tid: 1 }, cpu: 0, flags: ['reformatted'] }])
    }
  })
})

describe('frames', () => {
  it('of which some were left out, or cut off, are the stack, and incomplete', async () => {
    for (const gap of ['\t...', '        [...]', '<snip>', '\t…', '        fff', '\tffffffff81e4']) {
      const { events, rejected } = await read(`${HEAD} ${PAYLOAD}\n\t${FRAMES[0]}\n${gap}\n\t${FRAMES[1]}\n\n`)
      expect(rejected).toEqual([])
      expect(events).toMatchObject([{ payload: gap.trim() }])
      expect(events.map(names)).toEqual([['f', 'g']])
      expect(events[0]?.flags).toContain('incomplete')
    }
  })

  it('without any symbol are a stack', async () => {
    const { events } = await read(`${HEAD} ${PAYLOAD}\n\tffffffff81e42e50\n\t    7f17ef5dcc2a\n\n`)
    expect(events).toMatchObject([{ stack: [{ address: '0xffffffff81e42e50' }, { address: '0x7f17ef5dcc2a' }] }])
  })

  it('that lost their indentation are the stack of the head before them', async () => {
    const { events, rejected } = await read(`${HEAD} ${PAYLOAD}\n${FRAMES.join('\n')}\n\n${HEAD} ${PAYLOAD}\n`)
    expect(rejected).toEqual([])
    expect(events.map(names)).toEqual([['f', 'g'], undefined])
    expect(events[0]?.flags).toContain('reformatted')
  })

  it('behind a padded head, where perf prints none, are told of at once, and are the stack from then on', async () => {
    const sample = `${PADDED} ${PAYLOAD}\n\t${FRAMES.join('\n\t')}\n\n`
    const { events, rejected } = await read(`${sample}${sample}${PADDED} ${PAYLOAD}\n${PADDED} ${PAYLOAD}\n`)
    expect(events.map(names)).toEqual([undefined, ['f', 'g'], undefined, undefined])
    expect(events.map(({ flags }) => flags)).toEqual([undefined, ['reformatted'], undefined, undefined])
    expect(rejected.map(({ line, text }) => [line, text.slice(0, 50)])).toEqual(
      [2, 3].map((line) => [line, 'a frame of a call chain after a sample whose name ']),
    )
  })

  it('behind a padded head are its stack in a text that was indented', async () => {
    const first = `    swapper     0 [000]   340.799805: skb:kfree_skb: ${PAYLOAD}\n        ${FRAMES.join('\n        ')}\n\n`
    const second = `    systemd-udev   883 [001]   340.799805: skb:kfree_skb: ${PAYLOAD}\n        ${FRAMES.join('\n        ')}\n`
    const { events, rejected } = await read(`${first}${second}`)
    expect(rejected).toEqual([])
    expect(events.map(names)).toEqual([
      ['f', 'g'],
      ['f', 'g'],
    ])
  })
})

describe('a line that a mailer broke within a value', () => {
  it.each([
    ['a pointer', 'skbaddr=0xf\n> fff88811f6a7068'],
    ['a pointer behind its 0', 'skbaddr=0\n> xffff88811f6a7068'],
    ['an offset', 'tcp_v4_rcv+\n> 0x157'],
  ])('%s, is whole', async (_name, broken) => {
    const whole = broken.replace('\n> ', '')
    const { events, rejected } = await read(`> ${HEAD} ${PAYLOAD.replace(whole, broken)}\n> ${HEAD} ${PAYLOAD}\n`)
    expect(rejected).toEqual([])
    const [first, second] = events.map(({ skb, location, drop, stack }) => ({ skb, location, drop, stack }))
    expect(first).toEqual(second)
  })
})

describe('a payload', () => {
  it('that is quoted-printable is rejected with what to do, never read', async () => {
    for (const text of [
      'skb:kfree_skb: skbaddr=3D0xffff88811f6a7068 protocol=3D2048 location=3Dtcp_v4_rcv+0x157 reason: NO_SOCKET',
      'skb:kfree_skb: skbaddr=3D0xf=',
      'net:net_dev_queue: dev=3Dlo skbaddr=3D0xffff88811f6a7068 len=3D98',
    ]) {
      const { events, rejected } = await read(`${PADDED.slice(0, -'skb:kfree_skb:'.length)}${text}\n`)
      expect(events).toEqual([])
      expect(rejected.map(({ text: why }) => why)).toEqual([expect.stringContaining('docs/faq.md')])
    }
    const { events } = await read(`${PADDED.slice(0, -'skb:kfree_skb:'.length)}probe:x: (ffffffff8162e779) a=3D\n`)
    expect(events).toMatchObject([{ args: { a: '3D' } }])
  })

  it('of which the members are listed with commas has them without', async () => {
    const { events } = await read(`${PADDED} ${PAYLOAD.replaceAll(/ (?=protocol|location|reason)/g, ', ')}\n`)
    expect(events).toMatchObject([{ location: { symbol: 'tcp_v4_rcv', offset: 343 }, drop: { reason: 'NO_SOCKET' } }])
  })

  it('of one number is one, behind the names that perf 3.x gives to system calls', async () => {
    const { events, rejected } = await read('         perf  1262 [000] 11624.857082: sys_exit_read: 0x0\n')
    expect(rejected).toEqual([])
    expect(events).toMatchObject([
      { event_name: 'sys_exit_read', payload: '0x0', process: { comm: 'perf', tid: 1262 } },
    ])
  })
})
