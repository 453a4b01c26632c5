// Values of which a piece may be missing say so.
import { describe, expect, it } from 'vitest'
import { readText } from '../reading.ts'

const drop = (calls: string): { readonly program: string } => ({ program: `tracepoint:skb:kfree_skb { ${calls}; }` })

describe('a text that its format cuts', () => {
  it('is flagged where it is as long as the cut', () => {
    const read = (comm: string): unknown => readText(`${comm}|\n`, drop('printf("%.4s|\\n", comm)')).drops
    expect(read('curl')).toMatchObject([{ process: { comm: 'curl' }, flags: ['truncated'] }])
    // 0.24 and later cut nothing.
    expect(['sh', 'systemd'].map(read)).toMatchObject([
      [{ process: { comm: 'sh' } }],
      [{ process: { comm: 'systemd' } }],
    ])
    expect(readText('systemd\n', drop('printf("%.16s\\n", comm)')).drops[0]?.flags).toBeUndefined()
  })

  it('is no name of a reason, a place or a device', () => {
    expect(
      readText(
        'NO_SOC tcp_v4 eth\n',
        drop('printf("%.6s %.6s %.3s\\n", args->reason, ksym(args->location), str(args->name))'),
      ).drops,
    ).toEqual([
      expect.objectContaining({
        drop: { count: 1, origin: 'software' },
        args: { reason: 'NO_SOC', ksym_location_: 'tcp_v4', name: 'eth' },
        flags: ['truncated'],
      }),
    ])
  })
})

describe('a string that the tool cut', () => {
  it.each([63, 199, 1023])('is flagged: %i bytes and the mark of it', (length) => {
    const text = `${'a'.repeat(length)}..\n`
    expect(readText(text, drop('printf("%s\\n", str(arg0))')).drops[0]?.flags).toEqual(['truncated'])
  })

  it('is none that only ends as one', () => {
    expect(readText('and so on..\n', drop('printf("%s\\n", str(arg0))')).drops[0]?.flags).toBeUndefined()
  })
})
