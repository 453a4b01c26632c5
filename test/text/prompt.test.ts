import { describe, expect, it } from 'vitest'
import { isPrompt, promptEnd } from '../../src/text/prompt.ts'

describe('a prompt', () => {
  it.each([
    ['$', ''],
    ['# ', ''],
    ['$ ls -l', 'ls -l'],
    ['# LC_ALL=C ./perf script', 'LC_ALL=C ./perf script'],
    ['root@host:~# perf script', 'perf script'],
    ['[root@host ~]# dropwatch -l kas', 'dropwatch -l kas'],
    ['(venv) me@host:~/x$ python3 x.py', 'python3 x.py'],
    ['bash-5.2# dropwatch -l kas', 'dropwatch -l kas'],
    ['  % make', 'make'],
  ])('%j is one, of a command or nothing', (line, command) => {
    expect(isPrompt(line)).toBe(true)
    expect(line.slice(promptEnd(line))).toBe(command)
  })

  it.each([
    '$ 3 drops at icmp_rcv+1a (0xffffffff81e42e50) [software]',
    '# ========',
    '# 1.0: fedora',
    '$ {"v":1}',
    '% 100',
  ])('is found in %j before text that is not a command', (line) => {
    expect(promptEnd(line)).toBe(2)
    expect(isPrompt(line)).toBe(false)
  })

  it.each(['', 'ls', '$ls', '100 % done', '#include <x>', 'mail me@host'])('is not found: %j', (line) => {
    expect(promptEnd(line)).toBe(0)
    expect(isPrompt(line)).toBe(false)
  })

  it.each(['[@', '@', 'sh-', 'a=b ', '# ', ' ', 'a@b:'])(
    'is looked for in a megabyte of %j in less than a second',
    (piece) => {
      const before = process.cpuUsage()
      for (const head of ['', '[', '(x) a@', '# ']) isPrompt(head + piece.repeat((1024 * 1024) / piece.length))
      expect(process.cpuUsage(before).user).toBeLessThan(1e6)
    },
  )
})
