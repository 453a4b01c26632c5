// Sends UDP datagrams to the discard port of this host, where nobody listens: the kernel drops each with NO_SOCKET.
//   node datagrams.mjs COUNT
import { createSocket } from 'node:dgram'

const count = Number(process.argv[2])
const socket = createSocket('udp4')
const datagram = Buffer.alloc(16)
let sent = 0

function sendSome() {
  for (let burst = 0; burst < 100 && sent < count; burst++) {
    sent++
    const isLast = burst === 99 || sent === count
    socket.send(
      datagram,
      9,
      '127.0.0.1',
      isLast ? () => (sent < count ? setImmediate(sendSome) : socket.close()) : undefined,
    )
  }
}
sendSome()
