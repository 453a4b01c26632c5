import { describe, expect, it } from 'vitest'
import {
  distributionOf,
  hostOf,
  interfacesOf,
  networkNamespaceOf,
  readOsRelease,
  toolsOf,
} from '../../src/snapshot/host.ts'
import { localZone } from '../../src/snapshot/local-zone.ts'
import { simulated } from './machine.ts'

describe('the host', () => {
  it('is known by its own files', () => {
    const files = {
      '/proc/sys/kernel/osrelease': '6.1.0-55-amd64\n',
      '/proc/sys/kernel/hostname': 'web-3\n',
      '/proc/sys/kernel/random/boot_id': '5f0b6d1e-58a7-4b35-9b67-6a4b7a4a3a1e\n',
    }
    expect(hostOf(simulated({ files, programs: { uname: 'x86_64\n' } }))).toEqual({
      name: 'web-3',
      kernel: '6.1.0-55-amd64',
      arch: 'x86_64',
      boot_id: '5f0b6d1e-58a7-4b35-9b67-6a4b7a4a3a1e',
    })
    expect(hostOf(simulated({}))).toBeUndefined()
  })

  it('tells its distribution', () => {
    const text = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
    const distribution = { id: 'debian', version: '12', title: 'Debian GNU/Linux 12 (bookworm)' }
    expect(distributionOf(simulated({ files: { '/etc/os-release': text } }))).toEqual(distribution)
    expect(distributionOf(simulated({ files: { '/usr/lib/os-release': text } }))).toEqual(distribution)
    expect(distributionOf(simulated({}))).toBeUndefined()
  })

  it.each([
    ['ID=arch', 'arch'],
    ['ID="with \\"quotes\\" and \\$"', 'with "quotes" and $'],
    ["ID='single $HOME'", 'single $HOME'],
    ['ID=a\nID=b', 'b'],
    ['# ID=no\n  ID=no', undefined],
    ['ID=', ''],
  ])('reads %j of os-release', (text, value) => {
    expect(readOsRelease(`${text}\n`).get('ID')).toBe(value)
  })

  it('tells the versions of its tools, also where a program does not', () => {
    const programs = { perf: 'perf version 6.1.192\n', bpftrace: 'bpftrace v0.17.0\n', 'dpkg-query': '1.5.4-2\n' }
    expect(toolsOf(simulated({ programs }))).toEqual({ perf: '6.1.192', bpftrace: '0.17.0', dropwatch: '1.5.4-2' })
    expect(toolsOf(simulated({ programs: { rpm: '1.5.4-3.el9\n' } }))).toEqual({ dropwatch: '1.5.4-3.el9' })
    expect(
      toolsOf(simulated({ programs: { rpm: 'package dropwatch is not installed\n', perf: 'perf: not found\n' } })),
    ).toEqual({})
  })
})

describe('interfaces', () => {
  const sys = {
    '/sys/class/net/lo/ifindex': '1\n',
    '/sys/class/net/eth0/ifindex': '4\n',
    '/sys/class/net/bonding_masters': '\n',
  }
  const dev = (...names: readonly string[]): string =>
    `Inter-|   Receive\n face |bytes    packets\n${names.map((name) => `${name.padStart(6)}: 1 2 3\n`).join('')}`

  it('are named by their numbers', () => {
    const files = { ...sys, '/proc/self/net/dev': dev('lo', 'eth0') }
    expect(interfacesOf(simulated({ files }))).toEqual({ 1: 'lo', 4: 'eth0' })
  })

  it.each([[['lo']], [['lo', 'veth0']], [['lo', 'eth0', 'eth1']]])(
    'are unknown where sysfs shows others than %j',
    (names) => {
      const files = { ...sys, '/proc/self/net/dev': dev(...names) }
      expect(interfacesOf(simulated({ files }))).toBeUndefined()
    },
  )
})

describe('the network namespace', () => {
  const own = { '/proc/self/ns/net': 'net:[4026531840]', '/proc/1/ns/net': 'net:[4026531840]' }

  it('is alone when every process is in it', () => {
    expect(networkNamespaceOf(simulated({ links: own }))).toEqual({ inode: 4026531840, is_alone: true })
  })

  it('is not when one is in another', () => {
    const links = { ...own, '/proc/77/ns/net': 'net:[4026532200]' }
    expect(networkNamespaceOf(simulated({ links }))?.is_alone).toBe(false)
  })

  it('is not when a mount keeps another without processes', () => {
    const files = { '/proc/self/mountinfo': '600 30 0:4 net:[4026532200] /run/netns/c rw shared:300 - nsfs nsfs rw\n' }
    expect(networkNamespaceOf(simulated({ links: own, files }))?.is_alone).toBe(false)
  })

  it('is not known to be alone when a process cannot be looked at', () => {
    const files = { '/proc/77/stat': '77 (a) Z (sshd) S 1 77 77 0\n' }
    expect(networkNamespaceOf(simulated({ links: own, files }))).toEqual({ inode: 4026531840 })
    const links = { ...own, '/proc/78/ns/net': 'net:[4026532200]' }
    expect(networkNamespaceOf(simulated({ links, files }))?.is_alone).toBe(false)
  })

  it('is alone for all that have ended', () => {
    const files = { '/proc/77/stat': '77 (sh) Z 1 77 77 0\n', '/proc/78/cmdline': '' }
    expect(networkNamespaceOf(simulated({ links: own, files }))?.is_alone).toBe(true)
  })

  it('is unknown without /proc', () => {
    expect(networkNamespaceOf(simulated({}))).toBeUndefined()
  })
})

describe('the zone of this process', () => {
  it.each([
    ['UTC', 'UTC'],
    ['', 'UTC'],
    ['Asia/Kathmandu', 'Asia/Kathmandu'],
    [':Europe/Berlin', 'Europe/Berlin'],
    ['/usr/share/zoneinfo/Europe/Berlin', 'Europe/Berlin'],
    ['/etc/localtime', 'Asia/Tokyo'],
    [':/etc/localtime', 'Asia/Tokyo'],
    ['/etc/othertime', undefined],
    // POSIX counts westward.
    ['IST-5:30', '+05:30'],
    ['<+0545>-5:45', '+05:45'],
    ['EST5', '-05:00'],
    ['XYZ0', '+00:00'],
    // An IANA name before a rule of POSIX.
    ['EST5EDT', 'EST5EDT'],
    ['EST5EDT,M3.2.0,M11.1.0', undefined],
    ['Nowhere/Land', undefined],
    ['IST', undefined],
    ['right/Europe/Berlin', undefined],
  ])('TZ=%s: %s', (TZ, zone) => {
    expect(localZone(simulated({ env: { TZ }, links: { '/etc/localtime': '/usr/share/zoneinfo/Asia/Tokyo' } }))).toBe(
      zone,
    )
  })

  it.each([
    ['/usr/share/zoneinfo/Asia/Tokyo', 'Asia/Tokyo'],
    ['../usr/share/zoneinfo/posix/Asia/Tokyo', 'Asia/Tokyo'],
    ['/usr/share/zoneinfo/America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['/etc/zone.tab', undefined],
  ])('without TZ, /etc/localtime → %s: %s', (link, zone) => {
    expect(localZone(simulated({ links: { '/etc/localtime': link } }))).toBe(zone)
  })

  it('is in /etc/timezone where /etc/localtime is a copy, else what the runtime found', () => {
    const files = { '/etc/localtime': 'TZif2', '/etc/timezone': 'Asia/Tokyo\n' }
    expect(localZone(simulated({ files, zone: 'UTC' }))).toBe('Asia/Tokyo')
    expect(localZone(simulated({ files, env: { TZ: ':/etc/localtime' } }))).toBe('Asia/Tokyo')
    expect(localZone(simulated({ files: { '/etc/localtime': 'TZif2' }, zone: 'Asia/Tokyo' }))).toBe('Asia/Tokyo')
    // Without /etc/localtime the C library looks no further.
    expect(localZone(simulated({ files: { '/etc/timezone': 'Asia/Tokyo\n' }, zone: 'UTC' }))).toBe('UTC')
    expect(localZone(simulated({ zone: 'Asia/Tokyo' }))).toBe('Asia/Tokyo')
    expect(localZone(simulated({ zone: 'Etc/Unknown' }))).toBeUndefined()
  })
})
