import { describe, expect, it } from 'vitest'
import { outlineOfSqueezed } from '../../../adapters/perf/script/outline.ts'

function lineOf(head: string, { cpu = '001', tail = ' protocol=2048 location=f+0x1 reason: NO_SOCKET' } = {}): string {
  return `${head} [${cpu}] 5066.913230: skb:kfree_skb: skbaddr=0xffff88811f6a7068${tail}\n`
}

describe('the outline of a line with squeezed blanks', () => {
  it.each([['curl 883'], ['nf sender 18299'], [' curl 18299'], [' kworker/0:1 7']])('is there for %j', (head) => {
    expect(outlineOfSqueezed(lineOf(head))?.ahead).toBe(head.length + ' [001] 5066.913230'.length)
  })

  it.each([
    ['the blank after its head fills the column of the comm', lineOf(' kworker01 18299')],
    ['the blank after its CPU does', lineOf(' curl5 883')],
    ['that after a CPU of four digits does', lineOf(' curl 883', { cpu: '0001' })],
    ['it would after a CPU of four digits', lineOf(' curl 883')],
    ['it would after a CPU of three digits', lineOf(' curl5 883', { cpu: '0001' })],
    ['the comm is too long', lineOf('a-comm-of-16-byte 12')],
    ['the comm begins as a column of guests', lineOf('VMware 12')],
    ['its reason is missing', lineOf('curl 883', { tail: ' protocol=2048 location=f+0x1' })],
  ])('is missing where %s', (_why, line) => {
    expect(outlineOfSqueezed(line)).toBe(undefined)
  })
})
