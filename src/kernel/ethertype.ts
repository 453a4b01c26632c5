// Names of EtherTypes as the kernel's include/uapi/linux/if_ether.h numbers them (IANA ieee-802-numbers, and
// Linux-internal ones below 1536).

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x0001, '802.3 frame'],
  [0x0003, 'all'],
  [0x0004, '802.2 frame'],
  [0x000c, 'CAN'],
  [0x000d, 'CAN FD'],
  [0x000e, 'CAN XL'],
  [0x00f7, 'CAIF'],
  [0x0800, 'IPv4'],
  [0x0806, 'ARP'],
  [0x22eb, 'ERSPAN v3'],
  [0x4305, 'B.A.T.M.A.N.'],
  [0x6558, 'transparent Ethernet bridging'],
  [0x8035, 'RARP'],
  [0x809b, 'AppleTalk'],
  [0x8100, '802.1Q VLAN'],
  [0x8137, 'IPX'],
  [0x86dd, 'IPv6'],
  [0x8808, 'Ethernet flow control'],
  [0x8809, 'slow protocols (LACP)'],
  [0x8847, 'MPLS unicast'],
  [0x8848, 'MPLS multicast'],
  [0x8863, 'PPPoE discovery'],
  [0x8864, 'PPPoE session'],
  [0x888e, '802.1X EAPOL'],
  [0x88a8, '802.1ad VLAN'],
  [0x88be, 'ERSPAN v1/v2'],
  [0x88ca, 'TIPC'],
  [0x88cc, 'LLDP'],
  [0x88e5, 'MACsec'],
  [0x88f7, 'PTP'],
  [0x8902, 'CFM'],
  [0x8906, 'FCoE'],
  [0x8914, 'FIP'],
  [0x8915, 'RoCE'],
  [0x892f, 'HSR'],
  [0x894f, 'NSH'],
  [0x9000, 'loopback test'],
  [0x9100, 'QinQ (old)'],
  [0xfbfb, 'AF_IUCV'],
])

/** The name of an EtherType in host order: 2048 → `IPv4`. Undefined for 0 (not set) and for numbers without a name. */
export function etherTypeName(protocol: number): string | undefined {
  return NAMES.get(protocol)
}
