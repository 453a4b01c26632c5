import { describe, expect, it } from 'vitest'
import { readTrace } from './reading.ts'

const PAYLOAD =
  'skbaddr=000000006e9d80af rx_sk=0000000000000000 protocol=2048 location=tcp_v4_rcv+0x91/0x13f0 reason: NO_SOCKET'
const HEAD = '            curl-19400   [001] ..s1.   907.932179: '
const ENTRY = `${HEAD}kfree_skb: ${PAYLOAD}`
const CMD = '           <...>-793   [001]  5973.850865: '

describe('an entry', () => {
  it('keeps a hashed pointer as it is printed, and says so', async () => {
    const { events } = await readTrace(`${ENTRY}\n`)
    expect(events).toMatchObject([
      { kind: 'drop', skb: { addr: '0x000000006e9d80af', rx_sk: '0x0' }, flags: ['address_hashed'] },
    ])
  })

  it('keeps a hashed place, and a real address without the flag', async () => {
    const { events } = await readTrace(
      `${HEAD}kfree_skb: skbaddr=ffff888004c7c6e0 protocol=0 location=00000000d37f5b7b reason: NOT_SPECIFIED\n` +
        `${HEAD}kfree_skb: skbaddr=ffff888004c7c6e0 protocol=0 location=ffffffff817e9ac2\n`,
    )
    expect(events[0]).toMatchObject({ location: { address: '0x00000000d37f5b7b' }, flags: ['address_hashed'] })
    expect(events[1]).toMatchObject({ location: { address: '0xffffffff817e9ac2' } })
    expect(events[1]?.flags).toBeUndefined()
  })

  it.each([
    ['four flags', '            curl-183     [000] ..s1    19.763280: ', { irq_flags: '..s1' }],
    ['nine flags', '            curl-183     [000] ..s1.2345    19.763280: ', { irq_flags: '..s1.2345' }],
    ['no flags', '            curl-183     [000]    19.763280: ', undefined],
    ['a narrow TID column', '            curl-183   [000] ..s1.    19.763280: ', { irq_flags: '..s1.' }],
    ['an unknown TGID', '            curl-183     (-------) [000] ..s1.    19.763280: ', { irq_flags: '..s1.' }],
    ['nanoseconds', '            curl-183     [000]    19.763280123: ', undefined],
  ])('is read with %s', async (_name, head, sample) => {
    const { events } = await readTrace(`${head}kfree_skb: ${PAYLOAD}\n`)
    expect(events).toMatchObject([{ kind: 'drop', cpu: 0, process: { comm: 'curl', tid: 183 } }])
    expect(events[0]?.sample).toEqual(sample)
    expect(events[0]?.process?.pid).toBeUndefined()
    expect(events[0]?.clock?.ns).toMatch(/^19763280(?:000|123)$/)
  })

  it('has the TGID as the pid', async () => {
    const { events } = await readTrace(
      `          tgid/1-27502   (  27493) [000] ..s1.  5722.213516: kfree_skb: ${PAYLOAD}\n`,
    )
    expect(events[0]?.process).toEqual({ comm: 'tgid/1', pid: 27493, tid: 27502 })
  })

  it('has no name where the kernel prints a placeholder', async () => {
    const { events } = await readTrace(
      `           <...>-193     [000] .....    19.763280: kfree_skb: ${PAYLOAD}\n` +
        `          <idle>-0       [000] ..s1.    19.763280: kfree_skb: ${PAYLOAD}\n`,
    )
    expect(events.map(({ process }) => process)).toEqual([{ tid: 193 }, { comm: '<idle>', tid: 0 }])
  })

  it('has no clock where the time is a number', async () => {
    const { events } = await readTrace(`         udpdrop-27757   [000] ..s1.            2: kfree_skb: ${PAYLOAD}\n`)
    expect(events[0]?.clock).toBeUndefined()
    expect(events[0]?.sample).toEqual({ irq_flags: '..s1.', ticks: '2' })
  })

  it('is read with a comm that holds columns, or a line end', async () => {
    const { events } = await readTrace(
      `    x [001] 1.5:-27456   [000] ..s1.  5720.531035: kfree_skb: ${PAYLOAD}\n` +
        `        new\nline-27466   [000] ..s1.  5720.531035: kfree_skb: ${PAYLOAD}\n`,
    )
    expect(events.map(({ process }) => process?.comm)).toEqual(['x [001] 1.5:', 'new\nline'])
  })

  it('has no pointer where the kernel could not hash one yet', async () => {
    const { events } = await readTrace(
      `${HEAD}kfree_skb: skbaddr=(____ptrval____) protocol=2048 location=(____ptrval____) reason: NO_SOCKET\n`,
    )
    expect(events).toMatchObject([{ kind: 'drop', skb: { protocol: 2048 }, drop: { reason: 'NO_SOCKET' } }])
    expect([events[0]?.skb?.addr, events[0]?.location, events[0]?.flags]).toEqual([undefined, undefined, undefined])
  })

  it('of a function has its address with the option sym-addr', async () => {
    const { events } = await readTrace(`${HEAD}kfree_skb <ffffffff81e42e50> <-__sk_free <ffffffff81e42f00>\n`)
    expect(events).toMatchObject([
      { event_name: 'ftrace:function', location: { symbol: 'kfree_skb', address: '0xffffffff81e42e50' } },
    ])
  })

  it('has its number for a reason where the option fields prints it', async () => {
    const { events } = await readTrace(
      `${HEAD}kfree_skb: skbaddr=0xffff88815c81da00 (-131385792538112) location=f+0x4bc/0xd00 (-2113638580) rx_sk=0x0 (0) protocol=0x800 (2048) reason=0x3 (3)\n`,
    )
    expect(events).toMatchObject([
      {
        kind: 'drop',
        skb: { addr: '0xffff88815c81da00', rx_sk: '0x0', protocol: 2048 },
        location: { symbol: 'f' },
        drop: { code: 3 },
      },
    ])
    expect(events[0]?.args).toBeUndefined()
  })

  it('that the input ends within has no member that may be a piece', async () => {
    const { events } = await readTrace(ENTRY.slice(0, -3))
    expect(events).toMatchObject([{ kind: 'drop', flags: ['incomplete', 'address_hashed'] }])
    expect(events[0]?.drop?.reason).toBeUndefined()
    const { rejected } = await readTrace(HEAD.slice(0, 40))
    expect(rejected).toMatchObject([{ word: 'truncated' }])
  })

  it('whose columns are damaged is rejected', async () => {
    const { events, rejected } = await readTrace(`${ENTRY.replace('907.932179', '907,932179')}\n`)
    expect(events).toEqual([])
    expect(rejected).toMatchObject([{ word: 'malformed' }])
  })
})

describe('free text', () => {
  it.each(['tracing_mark_write', 'bpf_trace_printk', 'my_function', '0x00000001'])(
    'of %s is never a payload',
    async (name) => {
      const { events, outcome } = await readTrace(`${HEAD}${name}: kfree_skb: ${PAYLOAD}\n`)
      expect(events).toMatchObject([{ kind: 'trace', payload: `kfree_skb: ${PAYLOAD}` }])
      expect(outcome.dropped).toBe(0)
    },
  )

  it('of a function of the name kfree_skb is no drop', async () => {
    const { events } = await readTrace(`${HEAD}kfree_skb: freed it\n`)
    expect(events).toMatchObject([{ kind: 'trace', event_name: 'kfree_skb', payload: 'freed it' }])
  })

  it.each(['+0x91/0x170', ' <ffffffff814aa7c1>', '+0x91/0x170 <ffffffff814aa7c1>'])(
    'of a marker has its symbol with %s, and is no payload',
    async (place) => {
      const { events } = await readTrace(`${HEAD}tracing_mark_write${place}: kfree_skb: ${PAYLOAD}\n`)
      expect(events).toMatchObject([{ kind: 'trace', event_name: 'ftrace:print', payload: `kfree_skb: ${PAYLOAD}` }])
      expect(events[0]?.location?.symbol).toBe('tracing_mark_write')
    },
  )

  it('and stacks are read without columns', async () => {
    const { events } = await readTrace(
      `<stack trace>\n => f+0x1/0x2 <ffffffff814aa7c1>\ntracing_mark_write: kfree_skb: ${PAYLOAD}\n`,
    )
    expect(events.map(({ event_name }) => event_name)).toEqual(['ftrace:kernel_stack', 'ftrace:print'])
    expect(events[0]?.stack).toMatchObject([{ address: '0xffffffff814aa7c1', symbol: 'f' }])
  })

  it('goes on in lines that say nothing of it', async () => {
    const { events, outcome } = await readTrace(`${HEAD}tracing_mark_write: two\nlines\n${ENTRY}\nother text\n`)
    expect(events.map(({ kind, stream }) => stream ?? kind)).toEqual(['trace', 'stdout', 'drop', 'foreign'])
    expect(outcome.ledger.foreign).toBe(1)
  })

  it('with a NUL in it ends there, without a line end', async () => {
    const { events } = await readTrace(`${HEAD}tracing_mark_write: nul${ENTRY}\n`)
    expect(events).toMatchObject([
      { kind: 'trace', payload: 'nul' },
      { kind: 'drop', process: { comm: 'curl' } },
    ])
  })
})

describe('trace-cmd', () => {
  it('prints any event, padded, and the kernel prints none so', async () => {
    const { events } = await readTrace(
      `${CMD}block_rq_issue:       dev=8 sector=7\n${CMD}print:                tracing_mark_write: dev=8\n${HEAD}block_rq_issue: dev=8\n`,
    )
    expect(events).toMatchObject([
      { event_name: 'block_rq_issue', args: { sector: 7 }, capture: { format: 'trace-cmd' } },
      { event_name: 'ftrace:print', payload: 'dev=8', location: { symbol: 'tracing_mark_write' } },
      { event_name: 'block_rq_issue', payload: 'dev=8', capture: { format: 'trace_pipe' } },
    ])
    expect(events[2]?.args).toBeUndefined()
  })

  it('glues the time to what precedes it', async () => {
    const { events } = await readTrace(
      `           <...>-2998  [000] ..s1.5986369296491: kfree_skb:            ${PAYLOAD}\n` +
        `           <...>-793   [001]5973850864993: kfree_skb:            ${PAYLOAD}\n`,
    )
    expect(events.map(({ sample }) => sample)).toEqual([
      { irq_flags: '..s1.', ticks: '5986369296491' },
      { ticks: '5973850864993' },
    ])
  })

  it('names the file of an entry, and has its other columns', async () => {
    const { events } = await readTrace(
      ` a.dat:            <...>-793   [001] ..s1.  5973.850955: (+90)    kfree_skb:            ${PAYLOAD}\n`,
    )
    expect(events.map(({ sample }) => sample)).toEqual([{ irq_flags: '..s1.', delta: '+90', source: 'a.dat' }])
  })
})

describe('a graph of functions', () => {
  it('has traces of its calls, and the events within it', async () => {
    const { events } = await readTrace(
      '# tracer: function_graph\n#\n# CPU  DURATION                  FUNCTION CALLS\n# |     |   |                     |   |   |   |\n' +
        ' 0)               |  sys_open() {\n 0)   1.382 us    |          __might_sleep();\n' +
        ` 1)               |  /* kfree_skb: ${PAYLOAD} */\n 0) + 49.370 us   |  }\n` +
        ' ------------------------------------------\n 0)  bash-1977     =>  sshd-1974   \n ------------------------------------------\n\n',
      'trace',
    )
    expect(events.map(({ kind, event_name }) => event_name ?? kind)).toEqual([
      'ftrace:funcgraph_entry',
      'ftrace:funcgraph_entry',
      'skb:kfree_skb',
      'ftrace:funcgraph_exit',
      'message',
      'message',
      'message',
    ])
    expect(events[1]).toMatchObject({ cpu: 0, location: { symbol: '__might_sleep' }, args: { duration: '1.382 us' } })
    expect(events[2]).toMatchObject({ kind: 'drop', cpu: 1 })
  })
})

describe('columns of a graph', () => {
  const comment = `/* kfree_skb: ${PAYLOAD} */`
  const process = { comm: 'curl', tid: 1940 }
  it.each([
    ['of the task', ` 0)   curl-1940    |               |  ${comment}`, { process }],
    ['of time and task', `  100.000001 |   0)   curl-1940    |               |  ${comment}`, { process }],
    [
      'of task and flags',
      ` 0)   curl-1940    |  ..s1. |               |  ${comment}`,
      { sample: { irq_flags: '..s1.' } },
    ],
    ['in a quote', `> 0)               |  ${comment}`, { flags: ['reformatted', 'address_hashed'] }],
  ])('are read: %s', async (_name, line, expected) => {
    const { events } = await readTrace(`${line}\n`, 'trace')
    expect(events).toMatchObject([{ kind: 'drop', cpu: 0, drop: { reason: 'NO_SOCKET' }, ...expected }])
  })

  it('may say that an interrupt begins or ends', async () => {
    const { events } = await readTrace(' 1)   ==========> |\n 1)   <========== |\n', 'trace')
    expect(events.map(({ stream }) => stream)).toEqual(['stdout', 'stdout'])
  })
})

describe('text that was pasted', () => {
  const drop = { kind: 'drop', process: { comm: 'curl', tid: 19400 }, drop: { reason: 'NO_SOCKET' } }
  it.each([
    ['quoted', `> ${ENTRY}`],
    ['indented', `    ${ENTRY}`],
    ['squeezed', ENTRY.trimStart().replaceAll(/ +/g, ' ')],
    ['in a wider column', ` ${ENTRY}`],
    ['broken in its payload', ENTRY.replace(' location=', '\nlocation=')],
    ['broken after its columns', ENTRY.replace(' kfree_skb:', '\nkfree_skb:')],
    ['without the blank after the name', ENTRY.replace('kfree_skb: ', 'kfree_skb:')],
    ['broken before the name of its reason', ENTRY.replace(' location=', '\nlocation=').replace(': NO_', ':\nNO_')],
    ['quoted and broken', `> ${ENTRY.replace(' location=', '\n> location=')}`],
  ])('is read %s', async (_name, text) => {
    const { events, rejected } = await readTrace(`${text}\n`)
    expect(events).toMatchObject([drop])
    expect(events[0]?.flags).toContain('reformatted')
    expect(rejected).toEqual([])
  })

  it.each([
    ['quoted', '> '],
    ['quoted twice', '>> '],
    ['indented', '    '],
  ])('has its header and its losses %s', async (_name, mark) => {
    const trace = `# tracer: nop\n#\n# entries-in-buffer/entries-written: 1/3   #P:2\n#\nCPU:1 [LOST 1380 EVENTS]\n${ENTRY}\n`
    const { events, outcome } = await readTrace(trace.replaceAll(/^/gm, mark).slice(0, -mark.length))
    expect(events).toMatchObject([
      { loss: { count: 2, mode: 'total' }, flags: ['reformatted'] },
      { loss: { count: 1380, mode: 'delta' }, cpu: 1, flags: ['reformatted'] },
      { ...drop, capture: { format: 'trace' } },
    ])
    expect(outcome.ledger.foreign).toBe(0)
  })

  it.each(['12:', 'trace.txt:', 'trace.txt:12:'])('has no mark of grep in a name: %s', async (mark) => {
    const { events } = await readTrace(`${mark}${ENTRY}\n`)
    expect(events).toMatchObject([drop])
    expect(events[0]?.flags).toContain('reformatted')
  })

  it('with members left out, or notes behind them', async () => {
    const { events } = await readTrace(`${HEAD}kfree_skb: ... location=ip6_fragment reason: PKT_TOO_BIG <-- here\n`)
    expect(events).toMatchObject([{ kind: 'drop', drop: { reason: 'PKT_TOO_BIG' }, flags: ['reformatted'] }])
  })

  it('that a mail encoded is rejected', async () => {
    const { events, rejected } = await readTrace(`${ENTRY.replaceAll('=', '=3D')}\n`)
    expect(events).toEqual([])
    expect(rejected).toHaveLength(1)
  })

  it('of two traces in one file is both', async () => {
    const trace = `# tracer: nop\n#\n# entries-in-buffer/entries-written: 1/3   #P:2\n#\n${ENTRY}\n`
    const { events, outcome } = await readTrace(trace + trace, 'trace')
    expect(events.map(({ kind }) => kind)).toEqual(['loss', 'drop', 'loss', 'drop'])
    expect(outcome.ledger.foreign).toBe(0)
  })
})
