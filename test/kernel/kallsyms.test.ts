import { describe, expect, it } from 'vitest'
import { readKallsyms } from '../../src/kernel/kallsyms.ts'
import { chosenKallsyms } from '../../src/kernel/kallsyms-choice.ts'

const TEXT = `ffffffffc0001000 t nft_do_chain\t[nf_tables]
ffffffff81000000 T _text
0000000000000000 A fixed_percpu_data
ffffffff81000100 T __tcp_v4_rcv
ffffffff81000100 W tcp_v4_rcv_weak_and_long
ffffffff81000100 T tcp_v4_rcv
ffffffff81000100 t tcp_v4_rcv_local
ffffffff81000180 t acpi_init
ffffffff81000190 t acpi_exit
ffffffff810001a0 D some_data
ffffffff81000200 T kfree_skb_reason
no line of it
ffffffff81000300 T _etext`

function nameAt(text: string, address: bigint): string | undefined {
  const read = readKallsyms(text)
  if ('refused' in read) return read.refused
  const near = read.nearest(address)
  return near && `${near.name}+${near.offset}${near.module === undefined ? '' : ` [${near.module}]`}`
}

describe('kallsyms', () => {
  it.each([
    ['the function before it', 0xffffffff81000190n, 'acpi_exit+0'],
    ['of several names the one that perf takes', 0xffffffff81000110n, 'tcp_v4_rcv+16'],
    ['no data', 0xffffffff810001b0n, 'acpi_exit+32'],
    ['with its module, wherever its line is', 0xffffffffc0001004n, 'nft_do_chain+4 [nf_tables]'],
    ['nothing below the first', 0xffffffff80ffffffn, undefined],
    ['nothing far above the last', 0xffffffffd0000000n, undefined],
    ['nothing of another half of the memory', 0x7f0000000000n, undefined],
  ])('name an address: %s', (_, address, name) => {
    expect(nameAt(TEXT, address)).toBe(name)
  })

  it('say where the text of the kernel is', () => {
    const read = readKallsyms(TEXT)
    expect('marks' in read && [...read.marks]).toEqual([
      ['_text', 0xffffffff81000000n],
      ['_etext', 0xffffffff81000300n],
    ])
  })
})

describe('chosen kallsyms', () => {
  it('name what the whole file names, and nothing where a function was left out', () => {
    const chosen = chosenKallsyms(TEXT, 'network')
    expect(chosen).not.toContain('acpi')
    for (let address = 0xffffffff80fffff0n; address < 0xffffffff81000310n; address += 8n) {
      const whole = nameAt(TEXT, address)
      const isChosen = whole !== undefined && /^_*(?:text|etext|tcp|kfree)/.test(whole)
      expect(nameAt(chosen, address)).toBe(isChosen ? whole : undefined)
    }
    expect(nameAt(chosen, 0xffffffffc0001004n)).toBe('nft_do_chain+4 [nf_tables]')
  })

  it('of all functions lose data alone', () => {
    const all = chosenKallsyms(TEXT, 'all')
    expect(all.split('\n').length - 1).toBe(10)
    expect(all).not.toMatch(/gap|data/)
  })
})
