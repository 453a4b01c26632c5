import { describe, expect, it } from 'vitest'
import { readText } from '../reading.ts'

/** Whether a printf's line is read, with what the arguments came to. */
function argsOf(format: string, args: string, line: string): unknown {
  const { events } = readText(`${line}\n`, {
    program: `t:x:y { printf("${format}\\n"${args === '' ? '' : `, ${args}`}) }`,
  })
  const [event] = events
  return event?.kind === 'trace' ? event.args : event?.stream
}

describe('a conversion', () => {
  const read: readonly (readonly [format: string, args: string, line: string, wanted: unknown])[] = [
    // 0.11 to 0.23 leave `%%` where no conversion follows, 0.24 and later never.
    ['a %d%% b %s %% c', 'arg0, str(arg1)', 'a 5% b x %% c', { arg0: 5, str_arg1_: 'x' }],
    ['a %d%% b %s %% c', 'arg0, str(arg1)', 'a 5% b x % c', { arg0: 5, str_arg1_: 'x' }],
    ['a %d%% b %s %% c', 'arg0, str(arg1)', 'a 5%% b x %% c', { arg0: 5, str_arg1_: 'x' }],
    ['only %% literal', '', 'only %% literal', 'output'],
    ['only %% literal', '', 'only % literal', 'output'],
    // 0.17: the argument is taken and not printed.
    ['100%%d|', 'arg0', '100%d|', 'output'],
    ['100%%d|', '', '100%d|', 'output'],
    // No conversions to 0.23, conversions from 0.24 on.
    ['i=%i', '', 'i=%i', 'output'],
    ['i=%i', 'arg0', 'i=-5', { arg0: -5 }],
    ['p=%+d', 'arg0', 'p=+5', { arg0: '+5' }],
    ['x=%#x', 'arg0', 'x=0xff', { arg0: '0xff' }],
    ['q=%q lone=% end', '', 'q=%q lone=% end', 'output'],
    ['%dms', 'arg0', '12ms', { arg0: 12 }],
    ['n=%05d', 'arg0', 'n=-0042', { arg0: '-0042' }],
    ['n=%05d', 'arg0', 'n=00-42', { arg0: '00-42' }],
    ['n=%05u', 'arg0', 'n=00042', { arg0: '00042' }],
    ['n=%.3d', 'arg0', 'n=007', { arg0: '007' }],
    ['n=%.3d', 'arg0', 'n=7', { arg0: 7 }],
    ['s=%.3s;', 'str(arg0)', 's=abc;', { str_arg0_: 'abc' }],
    ['s=%.3s;', 'str(arg0)', 's=abcdef;', { str_arg0_: 'abcdef' }],
    ['s=[%10.3s]', 'str(arg0)', 's=[       abc]', { str_arg0_: 'abc' }],
    ['c=%c;', 'arg0', 'c=A;', { arg0: 'A' }],
    ['c=%c;', 'arg0', 'c=;', { arg0: '' }],
    ['h=%hhd', 'arg0', 'h=44', { arg0: 44 }],
    ['h=%hhu', 'arg0', 'h=999', { arg0: 999 }],
    ['o=%o', 'arg0', 'o=37777777777', { arg0: '37777777777' }],
    ['X=%X', 'arg0', 'X=FFFF', { arg0: 'FFFF' }],
    ['X=%X', 'arg0', 'X=ffff', 'foreign'],
    ['d=%d', 'arg0', 'd=12345678901', 'foreign'],
    ['r=%r;', 'buf(arg0, 3)', 'r=ab\\\\x01;', { buf_arg0_3_: 'ab\\\\x01' }],
    ['rh=%rh', 'buf(arg0, 3)', 'rh=61 62 01', { buf_arg0_3_: '61 62 01' }],
    ['rh=%rh', 'buf(arg0, 3)', 'rh=61 62', 'foreign'],
    ['b=%s', 'args->x == 1', 'b=true', { x__1: 'true' }],
    ['b=%d', 'args->x == 1', 'b=1', { x__1: 1 }],
    ['t=%s', '(pid, arg0)', 't=(7, 5)', { arg0: 5 }],
    ['e=%s', '(enum tcp_state)arg0', 'e=TCP_SYN_SENT', { _enum_tcp_state_arg0: 'TCP_SYN_SENT' }],
    ['\\033[31m%d\\033[0m', 'arg0', '\x1b[31m5\x1b[0m', { arg0: 5 }],
  ]

  it.each(read)('printf("%s", %s) of %s', (format, args, line, wanted) => {
    expect(argsOf(format, args, line)).toEqual(wanted)
  })
})

describe('a format over several lines', () => {
  it('is one record, in any pieces', () => {
    const program = 't:x:y { printf("{\\n  a: %d\\n\\n  b: %s\\n}\\n", arg0, comm) }'
    const text = '{\n  a: 1\n\n  b: x\n}\n{\n  a: 2\n\n  b: y\n}\n'
    const whole = readText(text, { program })
    expect(whole.events.map(({ args, process }) => [args, process])).toEqual([
      [{ arg0: 1 }, { comm: 'x' }],
      [{ arg0: 2 }, { comm: 'y' }],
    ])
    for (let chunk = 1; chunk < 20; chunk++) expect(readText(text, { program, chunk })).toEqual(whole)
  })

  it('that begins with a line end is read from there', () => {
    const program = 't:x:y { printf("\\n%s: %d\\n", comm, pid) }'
    expect(readText('\na: 1\n\nb: 2\n\n\n', { program }).events.map(({ process }) => process)).toEqual([
      { comm: 'a', pid: 1 },
      { comm: 'b', pid: 2 },
    ])
  })
})

describe('a format without a line end', () => {
  it('is read one behind the other', () => {
    const program = 'tracepoint:skb:kfree_skb { printf("%s: %d; ", comm, args->reason) }'
    const { drops, events } = readText('plain: 3; two words: 3; a: 3: 3; \n\n', { program })
    expect(drops.map(({ process }) => process?.comm)).toEqual(['plain', 'two words', 'a: 3'])
    expect(events).toHaveLength(3)
  })

  it('that ends in a number waits for the number to end', () => {
    const program = 'tracepoint:skb:kfree_skb { printf(" %d", args->reason) }'
    for (let chunk = 1; chunk < 10; chunk++) {
      expect(readText(' 12 3 456\n', { program, chunk }).drops.map(({ drop }) => drop?.code)).toEqual([12, 3, 456])
    }
  })

  it('that ends in any text has no end that could be known', () => {
    const { ambiguous, drops } = readText('3 a3 b\n', {
      program: 'tracepoint:skb:kfree_skb { printf("%d %s", args->reason, comm) }',
    })
    expect([ambiguous, drops]).toEqual([1, []])
  })
})

describe('a value with a line end in it', () => {
  it('joins its line with the next', () => {
    const program = 'tracepoint:skb:kfree_skb { printf("%s|%d|%d\\n", comm, pid, args->reason) }'
    const { drops } = readText('a|1|3\nnew\nline|2|3\nb|3|3\n', { program })
    expect(drops.map(({ process }) => process?.comm)).toEqual(['a', 'new\nline', 'b'])
  })

  it('has no CR before it, as all line ends', () => {
    const program = 'tracepoint:skb:kfree_skb { printf("%s|%d\\n", comm, pid) }'
    expect(readText('new\r\nline|2\r\n', { program }).drops[0]?.process?.comm).toBe('new\nline')
  })
})
