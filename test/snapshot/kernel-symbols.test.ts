import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ownSymbols } from '../../src/snapshot/kernel-symbols.ts'
import { simulated } from './machine.ts'

/** ELF notes in the byte order of this machine: another one first, then the build id. */
function notes(): Uint8Array {
  const note = (type: number, content: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(Uint32Array.from([4, content.length, type]).buffer),
      Buffer.from('GNU\0'),
      content,
      Buffer.alloc((4 - (content.length % 4)) % 4),
    ])
  return Buffer.concat([note(1, Buffer.from('abcde')), note(3, Buffer.from('a3e4cd60a8ec14f0', 'hex'))])
}

describe('the kernel’s symbols', () => {
  it('are those of its functions, with its build id', () => {
    const machine = simulated({
      files: {
        '/proc/kallsyms': 'ffffffff81000100 T tcp_v4_rcv\nffffffff81000000 T _text\nffffffff81000200 T acpi_init\n',
        '/sys/kernel/notes': notes(),
      },
    })
    const own = ownSymbols(machine, 'network')
    if ('missing' in own) throw new Error(own.missing)
    const { gzip_base64: packed, ...rest } = own.kallsyms
    expect(rest).toEqual({ holds: 'network', build_id: 'a3e4cd60a8ec14f0' })
    expect(gunzipSync(Buffer.from(packed, 'base64')).toString()).toBe(
      'ffffffff81000000 T _text\nffffffff81000100 T tcp_v4_rcv\nffffffff81000200 ? gap\n',
    )
  })

  it.each([
    [{}, '/proc/kallsyms cannot be read'],
    [{ '/proc/kallsyms': '0000000000000000 T _text\n' }, 'hides addresses'],
  ])('are missing with a reason: %j', (files, why) => {
    const own = ownSymbols(simulated({ files }), 'all')
    expect('missing' in own && own.missing).toContain(why)
  })
})
