import { describe, expect, it } from 'vitest'
import { type CommandLine, commandLineOf } from '../../../../adapters/bpftrace/program/command-line.ts'

describe('a command line in the text', () => {
  const read: readonly (readonly [line: string, command: Partial<CommandLine>])[] = [
    ["# bpftrace -e 'BEGIN { }' -c 'curl https://localhost'", { program: 'BEGIN { }', hasChild: true, isJson: false }],
    ["$ sudo bpftrace -f json -e 'BEGIN { }'", { program: 'BEGIN { }', isJson: true, hasChild: false }],
    ["[root@dwvm ~]# bpftrace -qe 'BEGIN {}'", { program: undefined }],
    [
      'root@h:~# /usr/bin/bpftrace -e "BEGIN { printf(\\"%s\\\\n\\", comm) }"',
      { program: 'BEGIN { printf("%s\\n", comm) }' },
    ],
    ["# bpftrace -e 'a'\\''b' 42 x", { program: "a'b", parameters: ['42', 'x'] }],
    ["# bpftrace -e $'BEGIN {\\n}'", { program: 'BEGIN {\n}' }],
    ['# bpftrace drops.bt 80', { program: undefined, parameters: ['80'] }],
    ["# timeout 5 bpftrace -e 'x' > out.txt", { program: 'x', parameters: [] }],
    ["sudo bpftrace -e 'x'", { program: 'x' }],
    // A terminal wraps a long command with a blank and a CR.
    [
      "\x1b[?2004h[root@dwvm ~]# bpftrace -e 'BEGIN { }' -c 'curl https://loc \ralhost'",
      { program: 'BEGIN { }', hasChild: true },
    ],
  ]

  it.each(read)('%s', (line, command) => {
    expect(commandLineOf(line)).toMatchObject(command)
  })

  it('is open while its quote is', () => {
    expect(commandLineOf("# bpftrace -e 'tracepoint:skb:kfree_skb {")).toBe("'")
  })

  const none = ['bpftrace: unrecognized option', 'I ran bpftrace -e yesterday', '# perf script', 'Attaching 1 probe...']

  it.each(none)('%s is none', (line) => {
    expect(commandLineOf(line)).toBeUndefined()
  })
})
