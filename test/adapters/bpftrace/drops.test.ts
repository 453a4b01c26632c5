// Which lines are drops, and how many: one run of a clause, one packet, one record.
import { describe, expect, it } from 'vitest'
import { readText } from './reading.ts'

/** Kinds of the records, in their order. */
function kindsOf(program: string, text: string): readonly string[] {
  return readText(text, { program }).events.map(({ kind }) => kind)
}

const KFREE = 'tracepoint:skb:kfree_skb'

describe('a probe', () => {
  const drops = [
    'tracepoint:skb:kfree_skb',
    't:skb:kfree_skb',
    'rawtracepoint:kfree_skb',
    'rawtracepoint:skb:kfree_skb',
    'kprobe:tcp_drop',
    'fentry:tcp_drop_reason',
    'kfunc:vmlinux:tcp_drop',
    'kprobe:tcp_drop, kprobe:tcp_drop_reason',
  ]

  it.each(drops)('%s tells of a drop', (probe) => {
    expect(readText('x 1\n', { program: `${probe} { printf("%s %d\\n", comm, pid) }` }).drops[0]?.drop).toEqual({
      count: 1,
      origin: 'software',
    })
  })

  it('of a hardware trap tells of a drop by hardware', () => {
    const program = 't:devlink:devlink_trap_report { printf("%s %s\\n", str(args->trap_name), comm) }'
    expect(readText('acl_drop x\n', { program }).drops[0]?.drop).toEqual({
      count: 1,
      origin: 'hardware',
      trap: 'acl_drop',
    })
  })

  const traces = [
    'kprobe:kfree_skb',
    'kprobe:kfree_skb_reason',
    'fentry:sk_skb_reason_drop',
    'kprobe:consume_skb',
    'kprobe:devlink_trap_report',
    'kretprobe:tcp_drop',
    'kprobe:tcp_drop+5',
    'tracepoint:skb:consume_skb',
    'tracepoint:skb:*',
    'tracepoint:skb:kfree_skb, tracepoint:skb:consume_skb',
  ]

  it.each(traces)('%s proves no drop', (probe) => {
    expect(kindsOf(`${probe} { printf("%s %d\\n", comm, pid) }`, 'x 1\n')).toEqual(['trace'])
  })

  it('that prints its name decides among several', () => {
    const program = 'tracepoint:skb:*free_skb, tracepoint:skb:consume_skb { printf("%s %s\\n", probe, comm) }'
    const { events } = readText('tracepoint:skb:kfree_skb a\ntracepoint:skb:consume_skb b\n', { program })
    expect(events.map(({ kind, event_name: event }) => [kind, event])).toEqual([
      ['drop', 'skb:kfree_skb'],
      ['trace', 'skb:consume_skb'],
    ])
  })
})

describe('one run of a clause', () => {
  const runs: readonly (readonly [body: string, text: string, kinds: readonly string[]])[] = [
    ['printf("a %s\\n", comm); printf("b %d\\n", args->reason);', 'a x\nb 3\na y\nb 6\n', ['drop', 'drop']],
    ['printf("a %s, ", comm); printf("b %d\\n", args->reason);', 'a x, b 3\na y, b 6\n', ['drop', 'drop']],
    ['printf("drop\\n");', 'drop\ndrop\n', ['drop', 'drop']],
    ['time("%H:%M:%S "); printf("%s %d\\n", comm, args->reason);', '12:01:02 x 3\n', ['drop']],
    ['print(comm); print(args->reason);', 'x\n3\ny\n6\n', ['drop', 'drop']],
    // What a run printed before is lost: one drop, and what remains of it.
    ['printf("a %s\\n", comm); printf("b %d\\n", args->reason);', 'a x\na y\nb 6\nb 7\n', ['drop', 'drop', 'trace']],
    // Exclusive branches: one each.
    [
      'if (pid) { printf("p %s\\n", comm); } else { printf("q %d\\n", args->reason); }',
      'p x\nq 3\np y\n',
      ['drop', 'drop', 'drop'],
    ],
    // A branch that ends the run excludes the rest.
    [
      'if (pid) { printf("p %s\\n", comm); return; } printf("q %d\\n", args->reason);',
      'p x\np y\nq 3\n',
      ['drop', 'drop', 'drop'],
    ],
    ['if (pid == 0) { return; } printf("q %d\\n", args->reason);', 'q 3\n', ['drop']],
    // Independent ones: the first that tells a reason, an address or a place.
    [
      'if (pid) { printf("p %s\\n", comm); } if (tid) { printf("q %d\\n", args->reason); }',
      'p x\nq 3\nq 4\np y\n',
      ['trace', 'drop', 'drop', 'trace'],
    ],
    // A conditional print before a sure one belongs to its run, one behind it is told apart.
    ['if (pid) { printf("p %s\\n", comm); } printf("q %d\\n", args->reason);', 'p x\nq 3\nq 4\n', ['drop', 'drop']],
    [
      'printf("q %d\\n", args->reason); if (pid) { printf("p %s\\n", comm); }',
      'q 3\np x\nq 4\n',
      ['drop', 'trace', 'drop'],
    ],
    ['unroll (2) { printf("u %d\\n", args->reason); }', 'u 3\nu 3\nu 4\nu 4\n', ['drop', 'drop']],
    // A clause that only fills maps gives none.
    ['@[comm] = count();', '@[x]: 3\n', ['metric']],
    ['printf("{\\n  comm: %s\\n}\\n", comm);', '{\n  comm: x\n}\n{\n  comm: y\n}\n', ['drop', 'drop']],
  ]

  it.each(runs)('%s', (body, text, kinds) => {
    expect(kindsOf(`${KFREE} { ${body} }`, text)).toEqual(kinds)
  })

  it('holds what all its prints tell, the first that tells it', () => {
    const program = `${KFREE} { printf("%s;\\n", comm); printf("%d of %s;\\n", args->reason, comm); }`
    expect(readText('x;\n3 of y;\n', { program }).drops).toMatchObject([{ process: { comm: 'x' }, drop: { code: 3 } }])
  })

  it('of a macro belongs to the clause that calls it', () => {
    const program = `macro show(r, $c) { printf("%d %s\\n", r, $c); } ${KFREE} { show(args.reason, comm); }`
    expect(readText('3 curl\n', { program }).drops).toMatchObject([{ process: { comm: 'curl' }, drop: { code: 3 } }])
  })

  it('goes on behind a warning of the tool', () => {
    const program = `${KFREE} { printf("a %s\\n", comm); printf("b %d\\n", args->reason); }`
    const text =
      'a x\nx.bt:1:2-3: WARNING: Failed to probe_read: Bad address (-14)\n  $x = 1\n  ~\nLost 3 events\nb 3\n'
    const { events } = readText(text, { program })
    expect(events.map(({ kind }) => kind)).toEqual(['drop', 'message', 'loss'])
    expect(events[0]).toMatchObject({ process: { comm: 'x' }, drop: { code: 3 } })
  })
})

describe('two clauses of one event', () => {
  it('count a packet once', () => {
    const program = `${KFREE} { printf("A %s\\n", comm) } ${KFREE} { printf("B %d\\n", args->reason) }`
    expect(kindsOf(program, 'A x\nB 3\n')).toEqual(['drop', 'trace'])
  })

  it('with different predicates count each what it prints', () => {
    const program = `${KFREE} /args->reason == 3/ { printf("A %s\\n", comm) } ${KFREE} /args->reason == 6/ { printf("B %s\\n", comm) }`
    expect(kindsOf(program, 'A x\nB y\n')).toEqual(['drop', 'drop'])
  })

  it('of which one has a predicate: the other counts', () => {
    const program = `${KFREE} /pid > 1/ { printf("A %s\\n", comm) } ${KFREE} { printf("B %d\\n", args->reason) }`
    expect(kindsOf(program, 'A x\nB 3\nB 4\n')).toEqual(['trace', 'drop', 'drop'])
  })
})

describe('a line with two readings', () => {
  it('is a message, and counted as ambiguous', () => {
    const program = `${KFREE} { printf("%s %s\\n", comm, str(arg0)) }`
    const { events, ambiguous } = readText('two words x\n', { program })
    expect(events).toMatchObject([{ kind: 'message', stream: 'output', message: 'two words x' }])
    expect(ambiguous).toBe(1)
  })

  it('of two clauses with one format', () => {
    const program = `${KFREE} { printf("%s %d\\n", comm, pid) } tracepoint:skb:consume_skb { printf("%s %d\\n", comm, pid) }`
    expect(readText('x 1\n', { program })).toMatchObject({ ambiguous: 1, drops: [] })
  })

  it('that say the same is read', () => {
    const program = `${KFREE} { if (pid) { printf("%s %d\\n", comm, pid); } else { printf("%s %d\\n", comm, pid); } }`
    expect(readText('x 1\n', { program })).toMatchObject({ ambiguous: 0, drops: [{ process: { comm: 'x', pid: 1 } }] })
  })

  it('is told by what surely follows', () => {
    const program = `${KFREE} { printf("%d\\n", pid); printf("a %s\\n", comm) } i:s:1 { printf("%d\\n", cpu); printf("b %s\\n", comm) }`
    const { events } = readText('1\nb x\n2\na y\n', { program })
    expect(events).toMatchObject([
      { kind: 'trace', cpu: 1 },
      { kind: 'drop', process: { pid: 2, comm: 'y' } },
    ])
  })

  it('of a printf and of a map', () => {
    const program = `${KFREE} { @[comm] = count(); printf("@[%s]: %d\\n", comm, pid) }`
    expect(readText('@[x]: 3\n', { program })).toMatchObject({ ambiguous: 1, drops: [] })
  })

  it('any line may be: only where nothing else has a claim', () => {
    const program = `${KFREE} { printf("%s\\n", comm) }`
    const { events } = readText('Attaching 1 probe...\ncurl\nLost 3 events\n', { program })
    expect(events.map(({ kind }) => kind)).toEqual(['message', 'drop', 'loss'])
  })

  it('any line may be: never where a child prints', () => {
    const text = "# bpftrace -e 'tracepoint:skb:kfree_skb { printf(\"%s\\n\", comm) }' -c 'curl x'\ncurl\n"
    expect(readText(text)).toMatchObject({ ambiguous: 1, drops: [] })
  })
})
