import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { quoteEnd, unquoted } from '../../src/text/pasted.ts'
import { plainText, shownOf } from '../../src/text/terminal.ts'

describe('a line of a terminal', () => {
  it.each([
    ['Setting alert mode', 'Setting alert mode'],
    ['\x1b[?2004hdropwatch> start\r', 'dropwatch> start'],
    ['\x1b[?2004l\rEnabling monitoring...\r', 'Enabling monitoring...'],
    ['\x1b[?2004l\r\x1b[?2004hdropwatch> help', 'dropwatch> help'],
    [
      "[root@dwvm ~]# bpftrace -e 'BEGIN {}' -c 'curl https://local \rhost'",
      "[root@dwvm ~]# bpftrace -e 'BEGIN {}' -c 'curl https://localhost'",
    ],
    ['dropwatch> set alertm \rode packet', 'dropwatch> set alertmode packet'],
    ['\x1b]0;root@host: ~\x07root@host:~# ls', 'root@host:~# ls'],
    ['\x1b]0;title\x1b\\\x1b[1;31mred\x1b[m\x1b(B', 'red'],
    ['dropwatch> stats\b\b\bop', 'dropwatch> stop'],
    ['\x1b[?1h\x1b=text\x1b[K\x07', 'text'],
    ['\tkeeps\ttabs', '\tkeeps\ttabs'],
  ])('%j is shown as %j', (raw, text) => {
    expect(plainText(raw)).toBe(text)
  })

  it('gives the text that a CR overwrote apart', () => {
    expect(shownOf('(END)\x1b[K\r\x1b[K...skipping...\r')).toEqual({ text: '...skipping...', overwritten: ['(END)'] })
    expect(shownOf('10 % \r20 % \r30 %')).toEqual({ text: '30 %', overwritten: ['10 % ', '20 % '] })
  })

  test.prop([
    fc.string({
      unit: fc.constantFrom('\x1b', '[', ']', '?', '1', 'm', '\r', '\b', ' ', '#', 'x', '\x07'),
      maxLength: 40,
    }),
  ])('shows no CR, backspace or bell, and nothing twice as other than once', (raw) => {
    const shown = plainText(raw)
    expect(shown).not.toMatch(/[\r\b\x07]/)
    if (!shown.includes('\x1b')) expect(plainText(shown)).toBe(shown)
  })
})

describe('a line of a megabyte', () => {
  const MEGABYTE = 1024 * 1024
  it.each([
    ['CRs that end nothing', `${'\r'.repeat(MEGABYTE)}x`],
    ['CRs within a command', `dropwatch> ${'x \r'.repeat(MEGABYTE / 3)}`],
    ['CRs after a long prompt', `a@b:${'x'.repeat(MEGABYTE / 2)}# ${'x \r'.repeat(MEGABYTE / 6)}`],
    ['backspaces', '\b'.repeat(MEGABYTE)],
    ['escapes that never end', '\x1b]x'.repeat(MEGABYTE / 3)],
    ['a control sequence that never ends', `\x1b[${'1'.repeat(MEGABYTE)}`],
  ])('of %s is shown in less than a second', (_, line) => {
    const before = process.cpuUsage()
    shownOf(line)
    expect(process.cpuUsage(before).user).toBeLessThan(1e6)
  })
})

describe('quotes', () => {
  it.each([
    ['drop at: x', 'drop at: x'],
    ['> drop at: x', 'drop at: x'],
    [' >>  > drop at: x', 'drop at: x'],
    ['| drop at: x', 'drop at: x'],
    ['\t  drop at: x', 'drop at: x'],
    ['>', ''],
    ['a > b', 'a > b'],
  ])('of %j leave %j', (line, text) => {
    expect(unquoted(line)).toBe(text)
  })

  it('keep the blanks after them', () => {
    expect('>>   text'.slice(quoteEnd('>>   text', 0))).toBe('  text')
    expect(quoteEnd('   text', 0)).toBe(0)
  })
})
