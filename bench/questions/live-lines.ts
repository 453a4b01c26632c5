interface LiveLine {
  readonly who: string
  readonly words: readonly string[]
  readonly line: string
}

const PROGRAM =
  'tracepoint:skb:kfree_skb { printf("%llu %d %s %d %s\\n", nsecs, pid, comm, args->reason, ksym(args->location)); }'

/** One event each, as the tool prints it. */
export const LIVE_LINES: readonly [LiveLine, ...LiveLine[]] = [
  {
    who: 'perf text',
    words: [],
    line: '            curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET\n',
  },
  { who: 'bpftrace text', words: ['-e', PROGRAM], line: '340799805123 883 curl 3 tcp_v4_rcv\n' },
  {
    who: 'bpftrace JSON',
    words: ['-e', PROGRAM],
    line: '{"type": "printf", "data": "340799805123 883 curl 3 tcp_v4_rcv\\n"}\n',
  },
]
