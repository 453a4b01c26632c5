import { expect, it } from 'vitest'
import { read } from './reading.ts'

const DROP = '0.012 bash/14679 skb:kfree_skb(skbaddr: 0xffff88816e1e4e00, location: 0xffffffff82046f4c, reason: XDP)'

it.each(['> ', '>> ', '| '])('reads an entry with squeezed blanks after "%s"', async (mark) => {
  const { events } = await read(`${mark}${DROP}\n`, {}, 65536, 'trace')
  expect(events).toMatchObject([
    { kind: 'drop', clock: { ns: '12000' }, process: { comm: 'bash', tid: 14679 }, flags: ['reformatted'] },
  ])
})

it('counts a loss that somebody quoted', async () => {
  const { events } = await read('> LOST 12 events!\n', {}, 65536, 'trace')
  expect(events).toMatchObject([{ kind: 'loss', loss: { count: 12 }, flags: ['reformatted'] }])
})

it('reads a call of which perf 4 did not know the duration', async () => {
  const { events } = await read(
    '         ? (     ?   ): gen.sh/14602  ... [continued]: epoll_wait())   = 1\n',
    {},
    65536,
    'trace',
  )
  expect(events).toMatchObject([{ event_name: 'syscalls:sys_exit_epoll_wait', process: { comm: 'gen.sh' } }])
})

it('takes no drop of another tool into an entry that a mailer wrapped', async () => {
  const entry = DROP.replace(', location', ',\n1 drops at tcp_v4_rcv+91 (0xffffffff817e9ac2)\nlocation')
  const { events, rejected } = await read(`${entry}\n`, {}, 65536, 'trace')
  expect(events.filter(({ kind }) => kind === 'drop')).toEqual([])
  expect(rejected).not.toEqual([])
})
